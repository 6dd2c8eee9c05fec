//! Expressions of any type: names, calls, branches, blocks, ways out.
//!
//! What is written stands in brackets or ends by itself, so that it can be put anywhere.

use super::ty::{self, Def, Ty, fun, list, opt};
use super::{Function, Generator, Place};

impl Generator {
    /// An expression of the type.
    pub(super) fn expr(&mut self, ty: &Ty, depth: usize) -> String {
        let known: Vec<&(String, Ty)> = self.scope.iter().filter(|(_, known)| known == ty).collect();
        if !known.is_empty() && (depth == 0 || self.fuel == 0 || self.random.below(3) == 0) {
            return known[self.random.below(known.len())].0.clone();
        }
        if depth == 0 || self.fuel == 0 {
            return self.leaf(ty);
        }
        self.fuel -= 1;
        let depth = depth - 1;
        match self.random.below(12) {
            0..=1 => self.call(ty, depth).unwrap_or_else(|| self.operation(ty, depth)),
            2 => self.case(ty, depth),
            3 => self.general(ty, depth),
            4 => self.way_out(ty, depth),
            5 => self.do_block(ty, depth),
            6 if self.place.loud => {
                let name = self.name("said ");
                format!("say(\"{name}\", {})", self.expr(ty, depth))
            }
            _ => self.operation(ty, depth),
        }
    }

    /// A value with nothing in it to compute.
    pub(super) fn leaf(&mut self, ty: &Ty) -> String {
        let known: Vec<&(String, Ty)> = self.scope.iter().filter(|(_, known)| known == ty).collect();
        if !known.is_empty() && (matches!(ty, Ty::Var(..)) || self.random.below(2) == 0) {
            return known[self.random.below(known.len())].0.clone();
        }
        let n = self.random.below(20);
        match ty {
            Ty::Int if n == 0 && self.chance(20) => {
                ["9223372036854775807", "(-9223372036854775808)", "4611686018427387904"][self.random.below(3)]
                    .to_owned()
            }
            Ty::Int => format!("{n}"),
            Ty::Float => {
                ["0.0", "1.5", "(-2.25)", "1.0e10", "0.1", "(0.0 / 0.0)", "(-0.0)"][n % 7].to_owned()
            }
            Ty::Bool => format!("{}", n.is_multiple_of(2)),
            Ty::Text => [
                "\"\"",
                "\"a\"",
                "\"snow\"",
                "\"ünï\"",
                "\"s p\\n\"",
                "\"👩‍👧x\"",
                "\"longer than a small string\"",
            ][n % 7]
                .to_owned(),
            Ty::Unit => "()".to_owned(),
            Ty::List(of) if n.is_multiple_of(2) => format!("[{}]", self.leaf(of)),
            Ty::List(_) => self.helper("", ty, "[]") + "()",
            Ty::Map(..) => self.helper("", ty, "Map.new()") + "()",
            Ty::Set(_) => self.helper("", ty, "Set.new()") + "()",
            Ty::Opt(of) if n.is_multiple_of(2) => format!("Some({})", self.leaf(of)),
            Ty::Opt(_) => self.helper("", ty, "None") + "()",
            Ty::Res(_) if n.is_multiple_of(3) => {
                format!("{}(\"e{n}\")", self.helper("e :: String", ty, "Err(e)"))
            }
            Ty::Res(of) => {
                let param = format!("x :: {}", self.written(of));
                let value = self.leaf(of);
                format!("{}({value})", self.helper(&param, ty, "Ok(x)"))
            }
            Ty::Tuple(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.leaf(part)).collect();
                format!("({})", parts.join(", "))
            }
            Ty::Fun(params, result) => self.closure(params, result, 0, true),
            Ty::Named(def, arg) => {
                let which = self.random.below(2) * self.random.below(self.defs[*def].variants.len());
                self.construct(*def, arg.as_deref(), which, 0)
            }
            // Only what is in scope has this type; without anything the function never gets this far.
            Ty::Var(..) => {
                let param = format!("xs :: {}", self.written(&list(ty.clone())));
                let name = self.helper(&param, ty, "refuse(\"nothing there\", xs)");
                let empty = self.helper("", &list(ty.clone()), "[]");
                format!("{name}({empty}())")
            }
        }
    }

    /// A struct or a variant.
    pub(super) fn construct(&mut self, def: usize, arg: Option<&Ty>, which: usize, depth: usize) -> String {
        let this: Def = self.defs[def].clone();
        let variant = &this.variants[which];
        let by = [arg.cloned()];
        let own = Ty::Named(def, arg.cloned().map(Box::new));
        let with_names = this.is_struct || self.chance(2);
        let mut parts = Vec::new();
        for (name, ty) in &variant.parts {
            let ty = ty.replaced(&by);
            // Leaves end at the first variant, which doesn't recurse.
            let value = match depth {
                0 if ty == own => self.construct(def, arg, 0, 0),
                0 => self.leaf(&ty),
                _ => self.expr(&ty, depth),
            };
            let name = name.as_ref().filter(|_| with_names);
            parts.push(name.map_or_else(|| value.clone(), |name| format!("{name}: {value}")));
        }
        let text = match (this.is_struct, parts.is_empty()) {
            (true, _) => format!("{} {{ {} }}", variant.name, parts.join(", ")),
            (false, true) => variant.name.clone(),
            (false, false) => format!("{}({})", variant.name, parts.join(", ")),
        };
        // A variant that doesn't mention the variable leaves it open.
        let mut vars = Vec::new();
        variant.parts.iter().for_each(|(_, part)| part.vars(&mut vars));
        if this.is_generic && vars.is_empty() {
            let param = format!("x :: {}", self.written(&own));
            return format!("{}({text})", self.helper(&param, &own, "x"));
        }
        text
    }

    /// A call of a function with this result.
    fn call(&mut self, ty: &Ty, depth: usize) -> Option<String> {
        if self.place.nested > 2 {
            return None;
        }
        let mut fitting = Vec::new();
        for (at, function) in self.functions.iter().enumerate() {
            let mut by = vec![None; ty::VARS.len()];
            let fits = function.result.fits(ty, &mut by, &self.defs);
            if fits && function.level + self.place.nested <= 3 && (self.place.loud || !function.loud) {
                fitting.push((at, by));
            }
        }
        if fitting.is_empty() {
            return None;
        }
        let (at, by) = fitting.swap_remove(self.random.below(fitting.len()));
        let function = self.functions[at].clone();
        self.level = self.level.max(function.level + self.place.nested);
        Some(self.call_of(&function, by, depth))
    }

    pub(super) fn call_of(&mut self, function: &Function, mut by: Vec<Option<Ty>>, depth: usize) -> String {
        let mut vars = Vec::new();
        function.params.iter().for_each(|param| param.ty.vars(&mut vars));
        for (var, full) in vars {
            if by[var].is_none() {
                by[var] = Some(self.stand_in(full));
            }
        }
        let mut args = Vec::new();
        let mut named = false;
        for param in &function.params {
            if param.has_default && self.chance(2) {
                named = true;
                continue;
            }
            let value = if param.counts {
                format!("{}", self.random.below(5))
            } else {
                self.expr(&param.ty.replaced(&by), depth)
            };
            args.push(if named { format!("{}: {value}", param.name) } else { value });
        }
        let name = &function.name;
        if args.len() > 1 && !named && self.chance(6) {
            let first = args.remove(0);
            return match self.random.below(3) {
                0 => format!("({first} |> {name}(_, {}))", args.join(", ")),
                1 => format!("{name}(_, {})({first})", args.join(", ")),
                _ => format!("({first} |> {name}({}))", args.join(", ")),
            };
        }
        if args.len() == 1 && self.chance(6) {
            return format!("({} |> {name})", args[0]);
        }
        format!("{name}({})", args.join(", "))
    }

    /// A type for a variable.
    fn stand_in(&mut self, full: bool) -> Ty {
        self.that(|ty, defs| !full || ty.is_plain(defs))
    }

    /// Statements and a value, between `do` and `end`.
    fn do_block(&mut self, ty: &Ty, depth: usize) -> String {
        let place = self.place.clone();
        let block = self.within(place, |this| this.block(ty, depth));
        format!("do\n{block}\nend")
    }

    /// Statements and a value: lines.
    pub(super) fn block(&mut self, ty: &Ty, depth: usize) -> String {
        let mut lines = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            lines.push(self.statement(depth));
        }
        lines.push(self.expr(ty, depth));
        lines.join("\n")
    }

    /// A `let`, a local function, a loop, or something that ends the function early.
    pub(super) fn statement(&mut self, depth: usize) -> String {
        match self.random.below(10) {
            0 => self.local_function(depth),
            1 => self.loop_statement(depth),
            2 if self.place.result.is_some() => {
                let condition = self.expr(&Ty::Bool, depth.min(1));
                let leave = self.leave(depth.min(1));
                format!("if {condition} do {leave} end")
            }
            3 => {
                let ty = Ty::Tuple(vec![self.any(), self.any()]);
                self.let_of(&ty, depth)
            }
            _ => {
                let ty = self.any();
                self.let_of(&ty, depth)
            }
        }
    }

    pub(super) fn let_of(&mut self, ty: &Ty, depth: usize) -> String {
        let value = self.expr(ty, depth);
        let (pattern, bound) = self.irrefutable(ty);
        // Names are seen from the next line on.
        self.scope.extend(bound);
        let annotation = if self.chance(4) { format!(" :: {}", self.written(ty)) } else { String::new() };
        format!("let {pattern}{annotation} = {value}")
    }

    fn local_function(&mut self, depth: usize) -> String {
        let name = self.name("go");
        let result = self.any();
        let written = self.written(&result);
        let place = Place {
            result: Some(result.clone()),
            in_loop: false,
            loud: false,
            nested: self.place.nested + 1,
        };
        let counter = self.name("n");
        let acc = self.name("acc");
        let body = self.within(place, |this| {
            this.scope.push((counter.clone(), Ty::Int));
            this.scope.push((acc.clone(), result.clone()));
            this.expr(&result, depth)
        });
        let calls = self.random.below(5);
        let start = self.leaf(&result);
        let bound = self.name("v");
        self.scope.push((bound.clone(), result));
        format!(
            "fn {name}({counter} :: Int, {acc} :: {written}) -> {written} do\nif {counter} < 1 do {acc} else {name}({counter} - 1, {body}) end\nend\nlet {bound} = {name}({calls}, {start})"
        )
    }

    /// `return`, `break`, `continue`, or a crash.
    pub(super) fn leave(&mut self, depth: usize) -> String {
        let result = self.place.result.clone();
        match (self.random.below(8), result) {
            (0, _) if self.place.in_loop => "break".to_owned(),
            (1, _) if self.place.in_loop => "continue".to_owned(),
            (2, _) => "panic(\"gone\")".to_owned(),
            (_, Some(result)) => format!("return {}", self.expr(&result, depth)),
            (_, None) => "panic(\"away\")".to_owned(),
        }
    }

    /// A value, or the end of what is around.
    fn way_out(&mut self, ty: &Ty, depth: usize) -> String {
        match (self.random.below(4), self.place.result.clone()) {
            (0..=1, Some(Ty::Opt(_))) => format!("({})?", self.expr(&opt(ty.clone()), depth)),
            (0..=1, Some(Ty::Res(_))) => format!("({})?", self.expr(&Ty::Res(Box::new(ty.clone())), depth)),
            (2, Some(_)) => {
                let condition = self.expr(&Ty::Bool, depth);
                let value = self.expr(ty, depth);
                let leave = self.leave(depth.min(1));
                format!("(if {condition} do {value} else {leave} end)")
            }
            _ => self.general(ty, depth),
        }
    }

    /// What works for every type.
    pub(super) fn general(&mut self, ty: &Ty, depth: usize) -> String {
        let e = |this: &mut Generator, ty: &Ty| this.expr(ty, depth);
        match self.random.below(12) {
            0 => format!("Option.unwrap_or({}, {})", e(self, &opt(ty.clone())), e(self, ty)),
            1 => format!("Result.unwrap_or({}, {})", e(self, &Ty::Res(Box::new(ty.clone()))), e(self, ty)),
            2 => self.field(ty, depth),
            3 => {
                let other = self.any();
                format!("({}, {}).{}", e(self, ty), e(self, &other), 0)
            }
            4 => {
                let param = self.any();
                let callee = e(self, &fun(vec![param.clone()], ty.clone()));
                format!("({callee})({})", e(self, &param))
            }
            5 => {
                let of = self.any();
                let step = self.hof(&[ty.clone(), of.clone()], ty, depth);
                format!("List.reduce({}, {}, {step})", e(self, &list(of)), e(self, ty))
            }
            6 => {
                let (map, key, value) = self.a_map();
                if value != *ty {
                    return self.case(ty, depth);
                }
                format!("Map.get_or({}, {}, {})", e(self, &map), e(self, &key), e(self, ty))
            }
            7 if self.chance(3) => format!("({})[{}]", e(self, &list(ty.clone())), e(self, &Ty::Int)),
            8 if ty.weighs() && ty.is_plain(&self.defs) => {
                format!("({}).heavier({})", e(self, ty), e(self, ty))
            }
            9 => self.match_function(ty, depth),
            10 if ty.can(&self.defs).ord => {
                format!("{}({}, {})", ["min", "max"][self.random.below(2)], e(self, ty), e(self, ty))
            }
            _ => {
                let condition = e(self, &Ty::Bool);
                let place = self.place.clone();
                let yes = self.within(place.clone(), |this| this.expr(ty, depth));
                let no = self.within(place, |this| this.expr(ty, depth));
                format!("(if {condition} do {yes} else {no} end)")
            }
        }
    }

    /// A field of a struct that has one of the type.
    fn field(&mut self, ty: &Ty, depth: usize) -> String {
        let mut found = Vec::new();
        for (at, def) in self.defs.iter().enumerate().filter(|(_, def)| def.is_struct) {
            for (name, part) in &def.variants[0].parts {
                let mut by = [None];
                // A variable in a part is the struct's own, whatever those of the function are called.
                if !part.fits(ty, &mut by, &self.defs) {
                    continue;
                }
                found.push((at, name.clone().unwrap_or_default(), by));
            }
        }
        if found.is_empty() {
            return self.case(ty, depth);
        }
        let (at, name, [arg]) = found.swap_remove(self.random.below(found.len()));
        let arg = arg.or_else(|| self.defs[at].is_generic.then_some(Ty::Int));
        let owner = Ty::Named(at, arg.map(Box::new));
        format!("({}).{name}", self.expr(&owner, depth))
    }

    /// A closure with clauses, called.
    fn match_function(&mut self, ty: &Ty, depth: usize) -> String {
        let taken = self.any();
        let place =
            Place { result: Some(ty.clone()), in_loop: false, loud: false, nested: self.place.nested };
        let arg = self.expr(&taken, depth);
        let name = self.name("v");
        let (clause, last) = self.within(place, |this| {
            let (pattern, bound) = this.pattern(&taken, 2);
            // Parentheses would hold the parameters.
            let pattern = match taken {
                Ty::Tuple(_) if pattern.starts_with('(') && !pattern.contains(" as ") => {
                    format!("{{{}}}", &pattern[1..pattern.len() - 1])
                }
                _ if pattern.starts_with('(') => format!("({pattern})"),
                _ => pattern,
            };
            let mark = this.scope.len();
            this.scope.extend(bound);
            let first = this.expr(ty, depth);
            this.scope.truncate(mark);
            this.scope.push((name.clone(), taken.clone()));
            (format!("{pattern} -> {first}"), this.expr(ty, depth))
        });
        format!("({arg} |> fn {clause} | {name} -> {last} end)")
    }

    /// A closure whose parameters have known types.
    pub(super) fn closure(&mut self, params: &[Ty], result: &Ty, depth: usize, annotated: bool) -> String {
        let names: Vec<(String, Ty)> = params.iter().map(|ty| (self.name("c"), ty.clone())).collect();
        let place = Place {
            result: Some(result.clone()),
            in_loop: false,
            loud: false,
            nested: self.place.nested + 1,
        };
        let fuel = self.fuel;
        let body = self.within(place, |this| {
            this.scope.extend(names.clone());
            if depth == 0 {
                this.leaf(result)
            } else if this.chance(3) {
                this.block(result, depth)
            } else {
                this.expr(result, depth)
            }
        });
        self.fuel = self.fuel.min(fuel);
        let written: Vec<String> = names
            .iter()
            .map(
                |(name, ty)| if annotated { format!("{name} :: {}", self.written(ty)) } else { name.clone() },
            )
            .collect();
        if annotated {
            format!("(fn({}) -> {body} end)", written.join(", "))
        } else {
            format!("fn {} -> {body} end", written.join(", "))
        }
    }

    /// A function as an argument of a function that says what it takes.
    pub(super) fn hof(&mut self, params: &[Ty], result: &Ty, depth: usize) -> String {
        let wanted = fun(params.to_vec(), result.clone());
        let annotated = self.chance(2);
        match self.random.below(4) {
            0 => self.expr(&wanted, depth),
            _ => self.closure(params, result, depth, annotated),
        }
    }
}
