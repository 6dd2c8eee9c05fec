//! Patterns and what matches with them.

use super::Generator;
use super::ty::Ty;

/// Names that a pattern binds.
type Bound = Vec<(String, Ty)>;

impl Generator {
    fn bind(&mut self, ty: &Ty, bound: &mut Bound) -> String {
        if self.chance(4) {
            return "_".to_owned();
        }
        let name = self.name("v");
        bound.push((name.clone(), ty.clone()));
        name
    }

    /// A pattern that always matches: names, parts of tuples and structs.
    pub(super) fn irrefutable(&mut self, ty: &Ty) -> (String, Bound) {
        let mut bound = Bound::new();
        let text = match ty {
            Ty::Tuple(parts) if self.chance(2) => {
                let parts: Vec<String> = parts.iter().map(|part| self.bind(part, &mut bound)).collect();
                format!("({})", parts.join(", "))
            }
            Ty::Named(def, arg) if self.defs[*def].is_struct && self.chance(3) => {
                let variant = self.defs[*def].variants[0].clone();
                let by = [arg.as_deref().cloned()];
                let parts: Vec<String> = (variant.parts.iter())
                    .map(|(name, part)| {
                        let name = name.clone().unwrap_or_default();
                        format!("{name}: {}", self.bind(&part.replaced(&by), &mut bound))
                    })
                    .collect();
                format!("{} {{ {} }}", variant.name, parts.join(", "))
            }
            _ => {
                let name = self.name("v");
                bound.push((name.clone(), ty.clone()));
                name
            }
        };
        (text, bound)
    }

    /// Any pattern.
    pub(super) fn pattern(&mut self, ty: &Ty, depth: usize) -> (String, Bound) {
        let mut bound = Bound::new();
        let text = self.pat(ty, depth, &mut bound);
        (text, bound)
    }

    fn pat(&mut self, ty: &Ty, depth: usize, bound: &mut Bound) -> String {
        if depth == 0 || self.chance(5) {
            return self.bind(ty, bound);
        }
        if self.chance(10) {
            let inner = self.pat(ty, depth - 1, bound);
            let name = self.name("v");
            bound.push((name.clone(), ty.clone()));
            return format!("({inner} as {name})");
        }
        let depth = depth - 1;
        match ty {
            Ty::Int => {
                ["0", "1", "-1", "2..=9", "0..100", "(3 | 5 | 7)", "-5..=5"][self.random.below(7)].to_owned()
            }
            Ty::Bool => ["true", "false"][self.random.below(2)].to_owned(),
            Ty::Unit => "()".to_owned(),
            Ty::Text if self.chance(2) => {
                let rest = self.bind(&Ty::Text, bound);
                format!("(\"{}\" <> {rest})", ["s", "ü", "a", "lon"][self.random.below(4)])
            }
            Ty::Text => ["\"\"", "\"a\"", "(\"snow\" | \"ünï\")"][self.random.below(3)].to_owned(),
            Ty::List(of) => self.list_pattern(ty, of, depth, bound),
            Ty::Map(key, value) => {
                let key = match **key {
                    Ty::Int => ["0", "7"][self.random.below(2)],
                    Ty::Text => ["\"a\"", "\"\""][self.random.below(2)],
                    _ => return self.bind(ty, bound),
                };
                format!("%{{{key} => {}}}", self.pat(value, depth, bound))
            }
            Ty::Opt(of) => match self.random.below(3) {
                0 => "None".to_owned(),
                _ => format!("Some({})", self.pat(of, depth, bound)),
            },
            Ty::Res(of) => match self.random.below(3) {
                0 => format!("Err({})", self.pat(&Ty::Text, depth, bound)),
                _ => format!("Ok({})", self.pat(of, depth, bound)),
            },
            Ty::Tuple(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.pat(part, depth, bound)).collect();
                format!("({})", parts.join(", "))
            }
            Ty::Named(def, arg) => {
                let which = self.random.below(self.defs[*def].variants.len());
                self.variant_pattern(*def, arg.as_deref(), which, depth, bound)
            }
            Ty::Float | Ty::Set(_) | Ty::Fun(..) | Ty::Var(..) => self.bind(ty, bound),
        }
    }

    fn list_pattern(&mut self, ty: &Ty, of: &Ty, depth: usize, bound: &mut Bound) -> String {
        let mut one = |this: &mut Generator| this.pat(of, depth, bound);
        match self.random.below(8) {
            0 => "[]".to_owned(),
            1 => format!("[{}]", one(self)),
            2 => format!("[{}, {}]", one(self), one(self)),
            3 => format!("[.., {}]", one(self)),
            4 => format!("[{}, .., {}]", one(self), one(self)),
            5 => {
                let head = one(self);
                let tail = self.name("v");
                bound.push((tail.clone(), ty.clone()));
                format!("({head} :: {tail})")
            }
            6 => {
                // Both sides bind the same names.
                let name = self.name("v");
                bound.push((name.clone(), of.clone()));
                format!("([{name}] | [_, {name}] | [_, _, .., {name}])")
            }
            _ => {
                let (first, tail) = (one(self), self.name("v"));
                bound.push((tail.clone(), ty.clone()));
                format!("[{first}, ..{tail}]")
            }
        }
    }

    fn variant_pattern(
        &mut self,
        def: usize,
        arg: Option<&Ty>,
        which: usize,
        depth: usize,
        bound: &mut Bound,
    ) -> String {
        let is_struct = self.defs[def].is_struct;
        let variant = self.defs[def].variants[which].clone();
        let by = [arg.cloned()];
        let some_only = variant.parts.first().is_some_and(|(name, _)| name.is_some()) && self.chance(2);
        let mut parts = Vec::new();
        for (name, part) in &variant.parts {
            if some_only && self.chance(2) {
                continue;
            }
            let pattern = self.pat(&part.replaced(&by), depth, bound);
            let named = name.as_ref().filter(|_| is_struct || some_only);
            parts.push(named.map_or_else(|| pattern.clone(), |name| format!("{name}: {pattern}")));
        }
        if some_only && !is_struct {
            parts.push("..".to_owned());
        }
        match (is_struct, variant.parts.is_empty()) {
            (true, _) => format!("{} {{ {} }}", variant.name, parts.join(", ")),
            (false, true) => variant.name,
            (false, false) => format!("{}({})", variant.name, parts.join(", ")),
        }
    }

    /// A `case` with a few arms.
    pub(super) fn case(&mut self, ty: &Ty, depth: usize) -> String {
        let taken = self.taken();
        let value = self.expr(&taken, depth);
        let mut arms = String::new();
        let mut arm = |this: &mut Generator, pattern: (String, Bound), guarded: bool| {
            let place = this.place.clone();
            let arm = this.within(place, |this| {
                this.scope.extend(pattern.1);
                let guard = if guarded && this.chance(3) {
                    format!(" when {}", this.quietly(&Ty::Bool))
                } else {
                    String::new()
                };
                let body = if this.chance(6) { this.block(ty, depth) } else { this.expr(ty, depth) };
                format!("{}{guard} -> {body}\n", pattern.0)
            });
            arms.push_str(&arm);
        };
        let whole = self.alternatives(&taken);
        if let Some(alternatives) = whole {
            for pattern in alternatives {
                arm(self, pattern, false);
            }
            return format!("(case {value} do\n{arms}end)");
        }
        for _ in 0..1 + self.random.below(3) {
            let pattern = self.pattern(&taken, 3);
            arm(self, pattern, true);
        }
        let name = self.name("v");
        arm(self, (name.clone(), vec![(name, taken.clone())]), false);
        format!("(case {value} do\n{arms}end)")
    }

    /// What a `case` looks at: often something in scope.
    fn taken(&mut self) -> Ty {
        if !self.scope.is_empty() && self.chance(2) {
            return self.scope[self.random.below(self.scope.len())].1.clone();
        }
        self.any()
    }

    /// Patterns that cover the type without a name for the rest; `None`: that isn't wanted here, or not easy.
    fn alternatives(&mut self, ty: &Ty) -> Option<Vec<(String, Bound)>> {
        let mut all = Vec::new();
        let mut add = |this: &mut Generator, write: &mut dyn FnMut(&mut Generator, &mut Bound) -> String| {
            let mut bound = Bound::new();
            let text = write(this, &mut bound);
            all.push((text, bound));
        };
        match ty {
            Ty::Named(def, arg) if !self.chance(3) => {
                for which in 0..self.defs[*def].variants.len() {
                    add(self, &mut |this, bound| this.variant_pattern(*def, arg.as_deref(), which, 0, bound));
                }
            }
            Ty::Opt(of) if self.chance(2) => {
                add(self, &mut |this, bound| format!("Some({})", this.bind(of, bound)));
                add(self, &mut |_, _| "None".to_owned());
            }
            Ty::List(of) if self.chance(2) => {
                add(self, &mut |_, _| "[]".to_owned());
                add(self, &mut |this, bound| format!("[{}]", this.bind(of, bound)));
                add(self, &mut |this, bound| {
                    format!("[{}, .., {}]", this.bind(of, bound), this.bind(of, bound))
                });
            }
            Ty::Bool => {
                add(self, &mut |_, _| "true".to_owned());
                add(self, &mut |_, _| "false".to_owned());
            }
            _ => return None,
        }
        Some(all)
    }

    /// A small expression without effects or ways out, for guards.
    pub(super) fn quietly(&mut self, ty: &Ty) -> String {
        let place = super::Place { nested: self.place.nested, ..super::Place::default() };
        self.within(place, |this| this.expr(ty, 1))
    }
}
