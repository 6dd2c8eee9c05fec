//! Types as written.

use super::{Path, node_enum, nodes};

nodes! {
    /// `Int`, `Map<K, V>`, `Geometry.Point`
    PathType = PATH_TYPE {
        /// The name.
        path: Path,
        /// `<…>`
        type_arg_list: TypeArgs,
    }
    /// `<A, B>` of a use.
    TypeArgs = TYPE_ARGS {
        /// The types.
        types: [Type],
    }
    /// `(T)`
    ParenType = PAREN_TYPE {
        /// What stands inside.
        inner: Type,
    }
    /// `(A, B)`, `()`
    TupleType = TUPLE_TYPE {
        /// The parts.
        types: [Type],
    }
    /// `Fun(A, B) -> C`
    FnType = FN_TYPE {
        /// The parameters' types.
        param_list: FnTypeParams,
        /// The type of the result.
        ret: Type,
    }
    /// `(A, B)` of a function type.
    FnTypeParams = FN_TYPE_PARAMS {
        /// The types.
        types: [Type],
    }
    /// `[T]`
    ListType = LIST_TYPE {
        /// The type of the elements.
        element: Type,
    }
    /// `T?`
    OptionType = OPTION_TYPE {
        /// What may be there.
        inner: Type,
    }
    /// `T!E`
    ResultType = RESULT_TYPE {
        /// The type of success.
        ok: Type,
        /// The type of the error.
        err: Type[1],
    }
}

node_enum! {
    /// A type.
    Type {
        /// A name with arguments.
        Path(PathType),
        /// Grouping.
        Paren(ParenType),
        /// A tuple or `()`.
        Tuple(TupleType),
        /// A function.
        Fn(FnType),
        /// A list.
        List(ListType),
        /// An option.
        Option(OptionType),
        /// A result.
        Result(ResultType),
    }
}

impl PathType {
    /// The types in `<…>`; none if there is no `<…>`.
    pub fn type_args(&self) -> Vec<Type> {
        self.type_arg_list().map(|args| args.types().collect()).unwrap_or_default()
    }
}

impl FnType {
    /// The types of the parameters.
    pub fn params(&self) -> Vec<Type> {
        self.param_list().map(|list| list.types().collect()).unwrap_or_default()
    }
}
