//! The items of std that the compiler itself refers to, marked there with `@lang("name")` (types without a
//! definition in Snow: `@builtin("name")`).

macro_rules! define_lang_items {
    ($($variant:ident $name:literal $kind:ident;)*) => {
        /// An item of std that the compiler refers to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum LangItem { $(#[doc = concat!("`@lang(\"", $name, "\")`")] $variant,)* }

        /// Every item with its name and kind, in the order of [`LangItem`].
        pub static ROWS: &[(LangItem, &str, LangKind)] = &[$((LangItem::$variant, $name, LangKind::$kind),)*];
    };
}

/// What kind of item a [`LangItem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LangKind {
    /// A sum type or struct defined in Snow.
    Type,
    /// An interface.
    Trait,
    /// A function.
    Fn,
}

impl LangItem {
    /// Its name in `@lang("…")`.
    pub fn name(self) -> &'static str {
        ROWS[self as usize].1
    }

    /// What kind of item it is.
    pub fn kind(self) -> LangKind {
        ROWS[self as usize].2
    }

    /// The item of that name. O(rows).
    pub fn by_name(name: &str) -> Option<LangItem> {
        ROWS.iter().find(|row| row.1 == name).map(|row| row.0)
    }
}

define_lang_items! {
    Option "option" Type;
    Result "result" Type;
    Ordering "ordering" Type;
    Range "range" Type;
    Map "map" Type;
    Set "set" Type;
    ExitReason "exit_reason" Type;
    MonitorRef "monitor_ref" Type;
    TimerRef "timer_ref" Type;
    Iter "iter" Type;

    Eq "eq" Trait;
    Ord "ord" Trait;
    Hash "hash" Trait;
    Display "display" Trait;
    Debug "debug" Trait;
    Default "default" Trait;
    From "from" Trait;
    Add "add" Trait;
    Sub "sub" Trait;
    Mul "mul" Trait;
    Div "div" Trait;
    Rem "rem" Trait;
    Neg "neg" Trait;
    Concat "concat" Trait;
    Iterable "iterable" Trait;
    Number "number" Trait;

    MapNew "map_new" Fn;
    MapPut "map_put" Fn;
    MapFromList "map_from_list" Fn;
    MapGet "map_get" Fn;
    MapFind "map_find" Fn;
    ListSlice "list_slice" Fn;
    RangeNew "range_new" Fn;
    RangeInclusive "range_inclusive" Fn;
    IterNext "iter_next" Fn;
    ProcessWhereis "process_whereis" Fn;
    SupervisorWhich "supervisor_which" Fn;
    SupervisorChild "supervisor_child" Fn;
    ServiceAnswer "service_answer" Fn;
    ServiceNext "service_next" Fn;
    ServiceStop "service_stop" Fn;
    ServiceStopReply "service_stop_reply" Fn;
}
