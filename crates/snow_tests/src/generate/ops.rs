//! Operations: for each type what computes a value of it, from the language and std.

use super::Generator;
use super::ty::{Ty, fun, list, map_of, opt};

/// Writes a part of a template: `{}` stands for the next of the expressions.
fn fill(template: &str, parts: &[String]) -> String {
    let mut pieces = template.split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (piece, part) in pieces.zip(parts) {
        text.push_str(part);
        text.push_str(piece);
    }
    text
}

impl Generator {
    /// One of the templates, its places filled with expressions of the types beside it.
    fn one_of(&mut self, depth: usize, templates: &[(&str, &[&Ty])]) -> String {
        let (template, tys) = templates[self.random.below(templates.len())];
        let parts: Vec<String> = tys
            .iter()
            .map(|ty| match ty {
                // Functions stand where their parameters are known.
                Ty::Fun(params, result) => self.hof(params, result, depth),
                ty => self.expr(ty, depth),
            })
            .collect();
        fill(template, &parts)
    }

    /// Something that computes a value of the type.
    pub(super) fn operation(&mut self, ty: &Ty, depth: usize) -> String {
        match ty {
            Ty::Int => self.int(depth),
            Ty::Float => self.float(depth),
            Ty::Bool => self.bool(depth),
            Ty::Text => self.text(depth),
            Ty::Unit => self.general(ty, depth),
            Ty::List(of) => self.list(ty, of, depth),
            Ty::Map(key, value) => self.map(ty, key, value, depth),
            Ty::Set(of) => self.set(ty, of, depth),
            Ty::Opt(of) => self.option(ty, of, depth),
            Ty::Res(of) => self.result(ty, of, depth),
            Ty::Tuple(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.expr(part, depth)).collect();
                format!("({})", parts.join(", "))
            }
            Ty::Fun(params, result) => self.function_value(params, result, depth),
            Ty::Named(def, arg) => self.named(ty, *def, arg.as_deref(), depth),
            Ty::Var(..) => self.general(ty, depth),
        }
    }

    fn int(&mut self, depth: usize) -> String {
        let (int, text, of) = (Ty::Int, Ty::Text, self.any());
        let (ints, items) = (list(int.clone()), list(of.clone()));
        let ((map, ..), (set, _)) = (self.a_map(), self.a_set());
        let step = fun(vec![int.clone(), of.clone()], int.clone());
        let by = fun(vec![int.clone()], int.clone());
        let heavy = self.that(|ty, _| ty.weighs());
        self.one_of(
            depth,
            &[
                ("({} + {})", &[&int, &int]),
                ("({} - {})", &[&int, &int]),
                ("({} * 3 % 1009)", &[&int]),
                ("({} * {})", &[&int, &int]),
                ("({} / 7)", &[&int]),
                ("({} % ({}))", &[&int, &int]),
                ("(-{})", &[&int]),
                ("Int.mod({}, 17)", &[&int]),
                ("Int.wrapping_mul({}, {})", &[&int, &int]),
                ("Int.bxor({}, {})", &[&int, &int]),
                ("Int.shl({}, 3)", &[&int]),
                ("Int.clamp({}, -100, 100)", &[&int]),
                ("List.length({})", &[&items]),
                ("String.length({})", &[&text]),
                ("Map.size({})", &[&map]),
                ("Set.size({})", &[&set]),
                ("List.sum({})", &[&ints]),
                ("List.reduce({}, {}, {})", &[&items, &int, &step]),
                ("List.count({}, {})", &[&items, &fun(vec![of.clone()], Ty::Bool)]),
                ("({}).weight()", &[&heavy]),
                ("weigh_all({})", &[&list(heavy.clone())]),
                ("Iter.sum(Iter.from({}) |> Iter.map({}) |> Iter.take(20))", &[&ints, &by]),
                ("Option.unwrap_or(Int.parse({}), {})", &[&text, &int]),
                ("Option.unwrap_or(Int.checked_mul({}, {}), 5)", &[&int, &int]),
                (
                    "Range.reduce(0..{} % 9, {}, {})",
                    &[&int, &int, &fun(vec![int.clone(), int.clone()], int.clone())],
                ),
            ],
        )
    }

    fn float(&mut self, depth: usize) -> String {
        let (float, int) = (Ty::Float, Ty::Int);
        self.one_of(
            depth,
            &[
                ("({} + {})", &[&float, &float]),
                ("({} - {})", &[&float, &float]),
                ("({} * {})", &[&float, &float]),
                ("({} / {})", &[&float, &float]),
                ("(-{})", &[&float]),
                ("Int.to_float({})", &[&int]),
                ("Math.sqrt({})", &[&float]),
                ("Float.floor({})", &[&float]),
                ("min({}, {})", &[&float, &float]),
                ("List.sum({})", &[&list(float.clone())]),
            ],
        )
    }

    fn bool(&mut self, depth: usize) -> String {
        let (int, text, bool, of) = (Ty::Int, Ty::Text, Ty::Bool, self.any());
        let ((map, key, _), (set, member)) = (self.a_map(), self.a_set());
        let comparable = self.that(|ty, defs| ty.can(defs).ord);
        let equal = self.that(|ty, defs| ty.can(defs).eq);
        let test = fun(vec![of.clone()], bool.clone());
        self.one_of(
            depth,
            &[
                ("({} < {})", &[&comparable, &comparable]),
                ("({} >= {})", &[&comparable, &comparable]),
                ("({} == {})", &[&equal, &equal]),
                ("({} != {})", &[&equal, &equal]),
                ("({} < {})", &[&int, &int]),
                ("({} and {})", &[&bool, &bool]),
                ("({} or {})", &[&bool, &bool]),
                ("(not {})", &[&bool]),
                ("String.contains({}, {})", &[&text, &text]),
                ("List.any({}, {})", &[&list(of.clone()), &test]),
                ("List.all({}, {})", &[&list(of.clone()), &test]),
                ("List.contains({}, {})", &[&list(equal.clone()), &equal]),
                ("Map.has_key({}, {})", &[&map, &key]),
                ("Set.contains({}, {})", &[&set, &member]),
                ("Option.is_some({})", &[&opt(of)]),
                ("(compare({}, {}) == Less)", &[&comparable, &comparable]),
            ],
        )
    }

    fn text(&mut self, depth: usize) -> String {
        let (int, text, seen) = (Ty::Int, Ty::Text, self.shown());
        let float = Ty::Float;
        let heavy = self.that(|ty, _| ty.weighs());
        self.one_of(
            depth,
            &[
                ("({} <> {})", &[&text, &text]),
                ("({} <> \".\" <> {})", &[&text, &text]),
                ("\"<${{}} ${{}}>\"", &[&int, &text]),
                ("\"${{}}\"", &[&float]),
                ("\"a${{}}\\n\"", &[&text]),
                ("inspect({})", &[&seen]),
                ("String.join({}, {})", &[&list(text.clone()), &text]),
                ("String.to_upper({})", &[&text]),
                ("String.slice({}, 1, 4)", &[&text]),
                ("String.take({}, {})", &[&text, &int]),
                ("String.reverse({})", &[&text]),
                ("String.repeat({}, 3)", &[&text]),
                ("String.replace({}, {}, {})", &[&text, &text, &text]),
                ("({}).pad_left(6)", &[&text]),
                ("({}).label({})", &[&heavy, &text]),
                ("(for g in {} do g <> \"|\" end |> String.join(\"\"))", &[&text]),
                (
                    "List.reduce({}, {}, {})",
                    &[&list(int.clone()), &text, &fun(vec![text.clone(), int.clone()], text.clone())],
                ),
            ],
        )
    }

    fn list(&mut self, ty: &Ty, of: &Ty, depth: usize) -> String {
        let can = of.can(&self.defs);
        match (self.random.below(9), of) {
            (0..=1, _) => return self.comprehension(of, depth),
            (2, _) if can.ord => {
                return self.one_of(
                    depth,
                    &[
                        ("List.sort({})", &[ty]),
                        ("List.sort_by({}, {})", &[ty, &fun(vec![of.clone()], Ty::Int)]),
                        ("List.dedup({})", &[ty]),
                    ],
                );
            }
            (3, _) if can.hash && can.eq => {
                let ((map, key, _), (set, member)) = (self.a_map(), self.a_set());
                let templates: [(&str, &[&Ty]); 2] =
                    [("Set.to_list({})", &[&set]), ("Map.keys({})", &[&map])];
                let fitting = [member == *of, key == *of];
                let chosen = templates
                    .into_iter()
                    .zip(fitting)
                    .filter(|(_, fits)| *fits)
                    .map(|(template, _)| template);
                let append: [(&str, &[&Ty]); 1] = [("List.append({}, {})", &[ty, of])];
                let chosen: Vec<_> = chosen.chain(append).collect();
                return self.one_of(depth, &chosen);
            }
            (4, Ty::Tuple(parts)) if parts.len() == 2 => {
                let (a, b) = (list(parts[0].clone()), list(parts[1].clone()));
                return self
                    .one_of(depth, &[("List.zip({}, {})", &[&a, &b]), ("List.zip({}, {})", &[&a, &b])]);
            }
            (4, Ty::List(inner)) => {
                return self.one_of(
                    depth,
                    &[
                        ("List.chunk({}, 2)", &[&list((**inner).clone())]),
                        ("List.window({}, 2)", &[&list((**inner).clone())]),
                    ],
                );
            }
            (4, Ty::Text) => {
                return self.one_of(
                    depth,
                    &[
                        ("String.split({}, {})", &[&Ty::Text, &Ty::Text]),
                        ("String.graphemes({})", &[&Ty::Text]),
                        ("String.words({})", &[&Ty::Text]),
                    ],
                );
            }
            (4, Ty::Int) => {
                return self.one_of(
                    depth,
                    &[("String.codepoints({})", &[&Ty::Text]), ("Range.to_list({} % 5..7)", &[&Ty::Int])],
                );
            }
            _ => {}
        }
        let from = self.any();
        let (map, _, value) = self.a_map();
        let values: (&str, &[&Ty]) =
            if value == *of { ("Map.values({})", &[&map]) } else { ("List.reverse({})", &[ty]) };
        let items = list(from.clone());
        let step = fun(vec![from.clone()], of.clone());
        let test = fun(vec![of.clone()], Ty::Bool);
        let int = Ty::Int;
        self.one_of(depth, &[
            ("[{}, ..{}]", &[of, ty]),
            ("[..{}, {}]", &[ty, of]),
            ("[{}, {}, {}]", &[of, of, of]),
            ("({} ++ {})", &[ty, ty]),
            ("List.map({}, {})", &[&items, &step]),
            ("({} |> List.map({}))", &[&items, &step]),
            ("({}).map({})", &[&items, &step]),
            ("List.filter({}, {})", &[ty, &test]),
            ("List.flat_map({}, {})", &[&items, &fun(vec![from.clone()], ty.clone())]),
            ("List.filter_map({}, {})", &[&items, &fun(vec![from.clone()], opt(of.clone()))]),
            ("List.reverse({})", &[ty]),
            ("List.append({}, {})", &[ty, of]),
            ("List.take({}, {})", &[ty, &int]),
            ("List.drop({}, 1)", &[ty]),
            ("({})[1..3]", &[ty]),
            ("List.insert({}, 0, {})", &[ty, of]),
            ("List.set([{}, ..{}], 0, {})", &[of, ty, of]),
            ("List.repeat({}, 3)", &[of]),
            ("List.partition({}, {}).0", &[ty, &test]),
            values,
            ("Iter.to_list(Iter.from({}) |> Iter.map({}) |> Iter.filter({}))", &[&items, &step, &test]),
            ("(Iter.from({}) |> Iter.take_while({}) |> Iter.chain(Iter.from({})) |> Iter.skip(1) |> Iter.to_list)", &[ty, &test, ty]),
            ("List.map_indexed({}, {})", &[&items, &fun(vec![int.clone(), from.clone()], of.clone())]),
            ("List.update([{}, ..{}], 0, {})", &[of, ty, &fun(vec![of.clone()], of.clone())]),
        ])
    }

    fn map(&mut self, ty: &Ty, key: &Ty, value: &Ty, depth: usize) -> String {
        let pair = Ty::Tuple(vec![key.clone(), value.clone()]);
        let from = self.any();
        let test = fun(vec![key.clone(), value.clone()], Ty::Bool);
        let change = fun(vec![value.clone()], value.clone());
        let mut templates: Vec<(&str, &[&Ty])> = Vec::new();
        let literal = [key, value, key, value];
        let update = [ty, key, value];
        let (both, keyed) = ([ty, ty], [ty, key]);
        let pairs = list(pair);
        let (pairs, tested) = ([&pairs], [ty, &test]);
        let changed = [ty, key, value, &change];
        // Often the same type: each type of maps is a lot of code.
        let from = if from == Ty::Int { from } else { value.clone() };
        let mapped_from = map_of(key.clone(), from.clone());
        let mapping = fun(vec![key.clone(), from], value.clone());
        let mapped = [&mapped_from, &mapping];
        templates.extend([
            ("%{{} => {}, {} => {}}", &literal[..]),
            ("%{{} | {} => {}}", &update[..]),
            ("Map.put({}, {}, {})", &update[..]),
            ("Map.delete({}, {})", &keyed[..]),
            ("Map.merge({}, {})", &both[..]),
            ("Map.from_list({})", &pairs[..]),
            ("Map.filter({}, {})", &tested[..]),
            ("Map.update({}, {}, {}, {})", &changed[..]),
            ("Map.map_values({}, {})", &mapped[..]),
        ]);
        let keys = [&list(key.clone())];
        if *value == Ty::Int {
            templates.push(("List.frequencies({})", &keys[..]));
        }
        self.one_of(depth, &templates)
    }

    fn set(&mut self, ty: &Ty, of: &Ty, depth: usize) -> String {
        let items = list(of.clone());
        let test = fun(vec![of.clone()], Ty::Bool);
        self.one_of(
            depth,
            &[
                ("Set.from_list({})", &[&items]),
                ("Set.add({}, {})", &[ty, of]),
                ("Set.remove({}, {})", &[ty, of]),
                ("Set.union({}, {})", &[ty, ty]),
                ("Set.intersection({}, {})", &[ty, ty]),
                ("Set.difference({}, {})", &[ty, ty]),
                ("Set.filter({}, {})", &[ty, &test]),
            ],
        )
    }

    fn option(&mut self, ty: &Ty, of: &Ty, depth: usize) -> String {
        let from = self.any();
        let (map, key, value) = self.a_map();
        let found: (&str, &[&Ty]) =
            if value == *of { ("Map.find({}, {})", &[&map, &key]) } else { ("Some({})", &[of]) };
        let items = list(of.clone());
        let test = fun(vec![of.clone()], Ty::Bool);
        self.one_of(
            depth,
            &[
                ("Some({})", &[of]),
                ("Option.map({}, {})", &[&opt(from.clone()), &fun(vec![from.clone()], of.clone())]),
                ("Option.and_then({}, {})", &[&opt(from.clone()), &fun(vec![from.clone()], ty.clone())]),
                ("Option.or({}, {})", &[ty, ty]),
                ("Option.filter({}, {})", &[ty, &test]),
                ("List.at({}, {})", &[&items, &Ty::Int]),
                ("List.find({}, {})", &[&items, &test]),
                ("List.last({})", &[&items]),
                found,
                ("Result.to_option({})", &[&Ty::Res(Box::new(of.clone()))]),
            ],
        )
    }

    fn result(&mut self, ty: &Ty, of: &Ty, depth: usize) -> String {
        let from = self.any();
        let source = Ty::Res(Box::new(from.clone()));
        self.one_of(
            depth,
            &[
                ("Result.map({}, {})", &[&source, &fun(vec![from.clone()], of.clone())]),
                ("Result.and_then({}, {})", &[&source, &fun(vec![from.clone()], ty.clone())]),
                ("Option.to_result({}, {})", &[&opt(of.clone()), &Ty::Text]),
                ("(if {} do Ok({}) else Err({}) end)", &[&Ty::Bool, of, &Ty::Text]),
                ("Result.map_err({}, {})", &[ty, &fun(vec![Ty::Text], Ty::Text)]),
            ],
        )
    }

    fn named(&mut self, ty: &Ty, def: usize, arg: Option<&Ty>, depth: usize) -> String {
        let variants = self.defs[def].variants.len();
        if !self.defs[def].is_struct || self.chance(2) {
            let which = self.random.below(variants);
            return self.construct(def, arg, which, depth.max(1));
        }
        let parts = self.defs[def].variants[0].parts.clone();
        let (name, part) = &parts[self.random.below(parts.len())];
        // An update keeps the type's argument.
        let base = self.expr(ty, depth);
        let value = self.expr(&part.replaced(&[arg.cloned()]), depth);
        format!("%{{{base} | {}: {value}}}", name.as_deref().unwrap_or_default())
    }

    /// A closure, a function's name, a call with a hole.
    fn function_value(&mut self, params: &[Ty], result: &Ty, depth: usize) -> String {
        if self.chance(3) {
            for function in self.functions.clone() {
                let tys: Vec<Ty> = function.params.iter().map(|param| param.ty.clone()).collect();
                let quiet = !function.loud && function.is_value && function.level + self.place.nested < 3;
                if quiet
                    && tys == params
                    && function.result == *result
                    && function.params.iter().all(|p| !p.counts)
                {
                    self.level = self.level.max(function.level + self.place.nested + 1);
                    return function.name;
                }
            }
        }
        if params == [result.clone()] && self.chance(4) {
            let again = |this: &mut Generator| this.expr(&fun(params.to_vec(), result.clone()), depth);
            let (first, second) = (again(self), again(self));
            return format!("compose({first}, {second})");
        }
        self.closure(params, result, depth, true)
    }
}
