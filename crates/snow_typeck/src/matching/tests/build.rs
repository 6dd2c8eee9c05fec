//! Patterns built by hand, and trees shown as text.

use std::fmt::Write;

use snow_base::{Arena, ArenaMap, FileId, FxHashMap, Idx, Name, RawIdx, Span, TextRange};
use snow_hir::{
    Body, BodyOwner, CtorId, Deriving, Expr, ExprId, Field, Generics, Local, LocalId, Pat, PatId, Program,
    TypeDef, TypeDefKind, TypeId, TypeRef, TypeRefKind, Variant,
};

use super::super::{Case, MatchInput, MatchOutcome, MatchTree, Node, Place, PlaceId, Row, compile_match};
use crate::ty::Ty;

fn nowhere() -> Span {
    Span::new(FileId(0), TextRange::default())
}

fn any_id<T>() -> Idx<T> {
    Idx::from_raw(RawIdx::from(0))
}

/// A program with a few types, and the body whose patterns are under test.
pub(super) struct Build {
    program: Program,
    body: Body,
    ctor_pats: ArenaMap<PatId, (CtorId, Vec<Option<PatId>>)>,
    fields: FxHashMap<CtorId, Vec<Ty>>,
    rows: Vec<Row>,
    pub(super) color: TypeId,
    pub(super) option: TypeId,
    pub(super) point: TypeId,
    pub(super) map: TypeId,
}

impl Build {
    pub(super) fn new() -> Build {
        let body = Body {
            owner: BodyOwner::Const(any_id()),
            module: any_id(),
            exprs: Arena::new(),
            pats: Arena::new(),
            locals: Arena::new(),
            params: Vec::new(),
            clauses: Vec::new(),
            terminate: None,
            expr_spans: ArenaMap::default(),
            pat_spans: ArenaMap::default(),
        };
        let mut build = Build {
            program: Program::default(),
            body,
            ctor_pats: ArenaMap::default(),
            fields: FxHashMap::default(),
            rows: Vec::new(),
            color: any_id(),
            option: any_id(),
            point: any_id(),
            map: any_id(),
        };
        build.color = build.sum("Color", &[("Red", &[]), ("Green", &[]), ("Blue", &[])]);
        build.option = build.sum("Option", &[("Some", &[Ty::param(0)]), ("None", &[])]);
        let fields = [("x", Ty::int()), ("y", Ty::int())].map(|(name, _)| field(Some(name)));
        build.point = build.def(
            "Point",
            TypeDefKind::Struct(variant("Point", fields.into())),
            vec![vec![Ty::int(); 2]],
        );
        build.map = build.def("Map", TypeDefKind::Struct(variant("Map", Vec::new())), vec![Vec::new()]);
        build
    }

    /// Defines a sum type.
    pub(super) fn sum(&mut self, name: &str, variants: &[(&str, &[Ty])]) -> TypeId {
        let defs = variants
            .iter()
            .map(|(name, parts)| variant(name, parts.iter().map(|_| field(None)).collect()))
            .collect();
        let tys = variants.iter().map(|(_, parts)| parts.to_vec()).collect();
        self.def(name, TypeDefKind::Sum(defs), tys)
    }

    fn def(&mut self, name: &str, kind: TypeDefKind, tys: Vec<Vec<Ty>>) -> TypeId {
        let id = self.program.types.alloc(TypeDef {
            name: Name::new(name),
            span: nowhere(),
            module: any_id(),
            is_pub: true,
            generics: Generics::default(),
            kind,
            deriving: Deriving::Auto,
            doc: None,
        });
        for (index, tys) in tys.into_iter().enumerate() {
            self.fields.insert(CtorId { ty: id, variant: index as u32 }, tys);
        }
        id
    }

    pub(super) fn option_of(&self, ty: Ty) -> Ty {
        Ty::adt(self.option, vec![ty])
    }

    pub(super) fn pat(&mut self, pat: Pat) -> PatId {
        self.body.pats.alloc(pat)
    }

    pub(super) fn expr(&mut self, expr: Expr) -> ExprId {
        self.body.exprs.alloc(expr)
    }

    pub(super) fn wild(&mut self) -> PatId {
        self.pat(Pat::Wild)
    }

    pub(super) fn int(&mut self, value: i64) -> PatId {
        self.pat(Pat::Int(value))
    }

    pub(super) fn local(&mut self, name: &str) -> LocalId {
        self.body.locals.alloc(Local { name: Name::new(name), span: nowhere() })
    }

    pub(super) fn bind(&mut self, name: &str) -> PatId {
        let local = self.local(name);
        self.pat(Pat::Bind { local, sub: None })
    }

    pub(super) fn text(&mut self, text: &str) -> PatId {
        self.pat(Pat::Str(text.to_owned()))
    }

    /// A constructor pattern by name.
    pub(super) fn ctor(&mut self, ty: TypeId, name: &str, parts: &[PatId]) -> PatId {
        let variants = self.program.types[ty].variants();
        let variant = variants.iter().position(|variant| variant.name == *name).expect("a known variant");
        let ctor = CtorId { ty, variant: variant as u32 };
        let args = parts.to_vec();
        let id = self.pat(Pat::Ctor { candidates: vec![ctor], args, named: Vec::new(), rest: false });
        self.ctor_pats.insert(id, (ctor, parts.iter().copied().map(Some).collect()));
        id
    }

    pub(super) fn some(&mut self, part: PatId) -> PatId {
        self.ctor(self.option, "Some", &[part])
    }

    pub(super) fn none(&mut self) -> PatId {
        self.ctor(self.option, "None", &[])
    }

    pub(super) fn list(&mut self, prefix: &[PatId]) -> PatId {
        self.pat(Pat::List { prefix: prefix.to_vec(), rest: None, suffix: Vec::new() })
    }

    pub(super) fn open_list(&mut self, prefix: &[PatId], rest: Option<PatId>, suffix: &[PatId]) -> PatId {
        self.pat(Pat::List { prefix: prefix.to_vec(), rest: Some(rest), suffix: suffix.to_vec() })
    }

    pub(super) fn typed(&mut self, pat: PatId) -> PatId {
        self.pat(Pat::Typed(pat, TypeRef { kind: TypeRefKind::Infer, span: nowhere() }))
    }

    pub(super) fn field_pat(&mut self, name: &str, pat: PatId) -> (Name, Span, PatId) {
        (Name::new(name), nowhere(), pat)
    }

    /// Adds an arm.
    pub(super) fn arm(&mut self, pats: &[PatId]) -> &mut Build {
        self.add(pats, false)
    }

    /// Adds an arm with a guard.
    pub(super) fn guarded(&mut self, pats: &[PatId]) -> &mut Build {
        self.add(pats, true)
    }

    fn add(&mut self, pats: &[PatId], has_guard: bool) -> &mut Build {
        let arm = self.rows.len() as u32;
        self.rows.push(Row { arm, pats: pats.to_vec(), has_guard });
        self
    }

    pub(super) fn compile(&self, tys: &[Ty]) -> MatchOutcome {
        compile_match(&MatchInput {
            program: &self.program,
            body: &self.body,
            ctor_pats: &self.ctor_pats,
            fields: &self.fields,
            rows: self.rows.clone(),
            root_tys: tys.to_vec(),
        })
    }

    /// Tree, witness and unreachable arms as text.
    pub(super) fn show(&self, tys: &[Ty]) -> String {
        let outcome = self.compile(tys);
        let mut text = String::new();
        self.show_node(&outcome.tree, &outcome.tree.root, 0, &mut text);
        if let Some(missing) = outcome.missing {
            let _ = writeln!(text, "missing: {missing}");
        }
        if !outcome.tree.unreachable.is_empty() {
            let _ = writeln!(text, "unreachable: {:?}", outcome.tree.unreachable);
        }
        if outcome.too_big {
            text.push_str("too big\n");
        }
        text
    }

    fn show_node(&self, tree: &MatchTree, node: &Node, depth: usize, text: &mut String) {
        let indent = "  ".repeat(depth);
        let _ = match node {
            Node::Fail => writeln!(text, "{indent}fail"),
            Node::Arm { arm, bindings, otherwise } => {
                let bindings: Vec<String> = bindings
                    .iter()
                    .map(|&(local, place)| {
                        format!(" {}={}", self.body.locals[local].name, self.show_place(tree, place))
                    })
                    .collect();
                let guard = if otherwise.is_some() { " if guard" } else { "" };
                let line = writeln!(text, "{indent}arm {arm}{}{guard}", bindings.concat());
                if let Some(otherwise) = otherwise {
                    self.show_node(tree, otherwise, depth, text);
                }
                line
            }
            Node::Test { place, cases, default } => {
                let line = writeln!(text, "{indent}test {}", self.show_place(tree, *place));
                for (case, node) in cases {
                    let _ = writeln!(text, "{indent}{}:", self.show_case(case));
                    self.show_node(tree, node, depth + 1, text);
                }
                if let Some(default) = default {
                    let _ = writeln!(text, "{indent}else:");
                    self.show_node(tree, default, depth + 1, text);
                }
                line
            }
        };
    }

    fn show_case(&self, case: &Case) -> String {
        match case {
            Case::Ctor(ctor) => {
                self.program.types[ctor.ty].variants()[ctor.variant as usize].name.to_string()
            }
            Case::Int(value) => value.to_string(),
            Case::IntRange(low, high) => format!("{low}..={high}"),
            Case::Float(value) => format!("{value:?}"),
            Case::Bool(value) => value.to_string(),
            Case::Str(text) => format!("{text:?}"),
            Case::StrPrefix(prefix) => format!("{prefix:?}…"),
            Case::Atom(name) => format!(":{name}"),
            Case::LenExact(length) => format!("length {length}"),
            Case::LenAtLeast(length) => format!("length {length}+"),
            Case::MapHas(key) => format!("has {:?}", self.body.exprs[*key]),
        }
    }

    fn show_place(&self, tree: &MatchTree, place: PlaceId) -> String {
        let show = |place: &PlaceId| self.show_place(tree, *place);
        match &tree.places[place as usize] {
            Place::Root(index) => format!("${index}"),
            Place::Field(of, _, index) | Place::Part(of, index) => format!("{}.{index}", show(of)),
            Place::Elem(of, index) => format!("{}[{index}]", show(of)),
            Place::ElemBack(of, index) => format!("{}[-{}]", show(of), index + 1),
            Place::Rest(of, front, back) => format!("{}[{front}..-{back}]", show(of)),
            Place::StrRest(of, length) => format!("{}[{length}..]", show(of)),
            Place::MapValue(of, key) => format!("{}[{:?}]", show(of), self.body.exprs[*key]),
        }
    }
}

fn variant(name: &str, fields: Vec<Field>) -> Variant {
    Variant { name: Name::new(name), span: nowhere(), fields }
}

fn field(name: Option<&str>) -> Field {
    let ty = TypeRef { kind: TypeRefKind::Infer, span: nowhere() };
    Field { name: name.map(Name::new), ty, default: None, span: nowhere() }
}
