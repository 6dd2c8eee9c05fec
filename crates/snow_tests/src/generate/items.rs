//! Functions of all shapes, and the cases that use them.

use std::fmt::Write;

use super::ty::{self, Ty, VARS, fun};
use super::{Function, Generator, Param, Place};

impl Generator {
    /// Writes a function that later code can call.
    pub(super) fn write_function(&mut self) {
        match self.random.below(12) {
            0..=3 => self.write_clauses(),
            4..=7 => self.write_generic(),
            8 => self.write_counting(),
            9 => self.write_constant(),
            _ => self.write_plain(),
        }
    }

    fn fresh(&mut self) -> String {
        format!("f{}", self.functions.len())
    }

    fn params(&mut self, count: usize) -> Vec<Param> {
        let mut params: Vec<Param> = (0..count)
            .map(|at| Param { name: format!("p{at}"), ty: self.any(), counts: false, has_default: false })
            .collect();
        // What has a default stands last.
        if self.chance(3) {
            params[count - 1].has_default = true;
        }
        params
    }

    fn enter(&mut self, params: &[Param], place: Place, fuel: usize) {
        self.begin(place, fuel);
        self.scope = params.iter().map(|param| (param.name.clone(), param.ty.clone())).collect();
    }

    fn add(&mut self, name: String, params: Vec<Param>, result: Ty, loud: bool, is_value: bool) {
        let level = self.level + 1;
        self.functions.push(Function { name, params, result, loud, level, is_value });
    }

    fn written_params(&mut self, params: &[Param]) -> String {
        let mut written = Vec::new();
        for param in params {
            let mut text = format!("{} :: {}", param.name, self.written(&param.ty));
            if param.has_default {
                let value = self.within(Place::default(), |this| {
                    this.scope.clear();
                    this.leaf(&param.ty)
                });
                text += &format!(" = {value}");
            }
            written.push(text);
        }
        written.join(", ")
    }

    /// A function with a body of statements; it may print.
    fn write_plain(&mut self) {
        let name = self.fresh();
        let count = 1 + self.random.below(3);
        let params = self.params(count);
        let result = match self.random.below(4) {
            0 => ty::opt(self.any()),
            1 => Ty::Res(Box::new(self.any())),
            _ => self.any(),
        };
        let loud = self.chance(3);
        let head = self.written_params(&params);
        self.enter(&params, Place { loud, result: Some(result.clone()), ..Place::default() }, 40);
        let body = self.block(&result, 4);
        // A result needn't be written, but where the way out decides it.
        let arrow = format!(" -> {}", self.written(&result));
        let _ = writeln!(self.items, "pub fn {name}({head}){arrow} do\n{body}\nend\n");
        self.add(name, params, result, loud, true);
    }

    /// A function by clauses with patterns and guards.
    fn write_clauses(&mut self) {
        let name = self.fresh();
        let count = 1 + self.random.below(2);
        let mut params = self.params(count);
        params.iter_mut().for_each(|param| param.has_default = false);
        let result = self.any();
        let written = self.written(&result);
        let place = Place { result: Some(result.clone()), ..Place::default() };
        let mut text = String::new();
        let mut level = 0;
        for clause in 0..2 + self.random.below(3) {
            self.begin(place.clone(), 16);
            let mut patterns = Vec::new();
            for param in &params {
                let (pattern, bound) = self.pattern(&param.ty, 3);
                self.scope.extend(bound);
                let annotation =
                    if clause == 0 { format!(" :: {}", self.written(&param.ty)) } else { String::new() };
                patterns.push(pattern + &annotation);
            }
            // A guard keeps a clause from being the only one that is reached.
            let guard = format!(" when {}", self.quietly(&Ty::Bool));
            let arrow = if clause == 0 { format!(" -> {written}") } else { String::new() };
            let body = if self.chance(3) {
                format!("do\n{}\nend", self.block(&result, 3))
            } else {
                format!("= {}", self.expr(&result, 3))
            };
            level = level.max(self.level);
            let _ = writeln!(text, "pub fn {name}({}){arrow}{guard} {body}", patterns.join(", "));
        }
        self.enter(&params, place, 10);
        let body = self.expr(&result, 3);
        level = level.max(self.level);
        let names: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
        let _ = writeln!(self.items, "{text}pub fn {name}({}) = {body}\n", names.join(", "));
        self.level = level;
        for param in &mut params {
            // Only a name of the first clause can be written at a call.
            param.name = String::new();
        }
        self.add(name, params, result, false, true);
    }

    /// A function with type variables; each has all constraints or none.
    fn write_generic(&mut self) {
        let name = self.fresh();
        let count = 1 + self.random.below(2);
        let vars: Vec<(usize, bool)> = (0..count).map(|var| (var, self.chance(2))).collect();
        let var = |at: usize| Ty::Var(at, vars[at].1);
        let mut params: Vec<Param> = Vec::new();
        let mut add = |ty: Ty| {
            let name = format!("p{}", params.len());
            params.push(Param { name, ty, counts: false, has_default: false });
        };
        for at in 0..count {
            add(var(at));
        }
        for _ in 0..1 + self.random.below(2) {
            let one = var(self.random.below(count));
            let other = if self.chance(2) { var(self.random.below(count)) } else { Ty::Int };
            add(self.made_of(one, other));
        }
        let one = var(self.random.below(count));
        let result = if self.chance(2) { one.clone() } else { self.made_of(one, Ty::Int) };
        let place = Place { result: Some(result.clone()), ..Place::default() };
        self.enter(&params, place, 24);
        self.vars = vars.clone();
        let body = self.expr(&result, 4);
        let head = self.written_params(&params);
        let constraints: Vec<String> = (vars.iter().filter(|(_, full)| *full))
            .map(|(var, _)| format!("{}: Eq + Ord + Hash + Debug + Weigh", VARS[*var]))
            .collect();
        let constraints =
            if constraints.is_empty() { String::new() } else { format!(" where {}", constraints.join(", ")) };
        let arrow = format!(" -> {}", self.written(&result));
        let _ = writeln!(
            self.items,
            "pub fn {name}<{}>({head}){arrow}{constraints} do\n{body}\nend\n",
            VARS[..count].join(", ")
        );
        self.add(name, params, result, false, false);
    }

    /// A type with the variables in it.
    fn made_of(&mut self, one: Ty, other: Ty) -> Ty {
        match self.random.below(7) {
            0..=1 => ty::list(one),
            2 => ty::opt(one),
            3 => Ty::Tuple(vec![one, other]),
            4 => fun(vec![one], other),
            5 => fun(vec![other], one),
            _ => ty::map_of(Ty::Text, one),
        }
    }

    /// A recursion that counts down, with or without its call in tail position; two functions that call each other.
    fn write_counting(&mut self) {
        let name = self.fresh();
        let result = self.any();
        let written = self.written(&result);
        let mut params = vec![Param { name: "n".to_owned(), ty: Ty::Int, counts: true, has_default: false }];
        let extra = self.any();
        let other = self.written(&extra);
        for (name, ty) in [("acc", &result), ("by", &extra)] {
            params.push(Param { name: name.to_owned(), ty: ty.clone(), counts: false, has_default: false });
        }
        let place = Place { result: Some(result.clone()), nested: 1, ..Place::default() };
        self.enter(&params, place, 20);
        let (next, by) = (self.expr(&result, 3), self.expr(&extra, 2));
        let again = format!("{name}x(n - 1, {next}, {by})");
        self.scope.push(("deep".to_owned(), result.clone()));
        let above =
            if self.chance(2) { format!("let deep = {again}\n{}", self.expr(&result, 3)) } else { again };
        let head = format!("n :: Int, acc :: {written}, by :: {other}");
        let _ = writeln!(
            self.items,
            "pub fn {name}({head}) -> {written} = if n < 1 do acc else {name}x(n, acc, by) end\n\
             pub fn {name}x({head}) -> {written} do\nif n < 1 do return {name}(0, acc, by) end\n{above}\nend\n"
        );
        self.add(name, params, result, false, true);
    }

    /// A constant and a function that gives it.
    fn write_constant(&mut self) {
        let name = self.fresh();
        let result = self.any();
        self.begin(Place::default(), 6);
        let value = self.expr(&result, 1);
        let other = self.leaf(&result);
        let written = self.written(&result);
        let _ = writeln!(
            self.items,
            "let c_{name} :: {written} = {value}\npub fn {name}(p0 :: Bool) -> {written} = if p0 do c_{name} else {other} end\n"
        );
        let params = vec![Param { name: "p0".to_owned(), ty: Ty::Bool, counts: false, has_default: false }];
        self.add(name, params, result, false, true);
    }

    /// A case: a function that `main` runs in a process of its own.
    pub(super) fn write_case(&mut self, case: usize, main: &mut String) {
        let actors = match self.random.below(6) {
            0 => Some(self.write_asked(case)),
            1 => Some(self.write_service(case)),
            2 => {
                self.write_receiver(case, main);
                return;
            }
            _ => None,
        };
        self.begin(Place { loud: true, ..Place::default() }, 50);
        let mut body = String::new();
        for _ in 0..2 {
            let _ = writeln!(body, "{}", self.statement(3));
        }
        match actors {
            Some(lines) => body += &lines,
            None => {
                for line in 0..3 {
                    let shown = self.shown();
                    let value = self.expr(&shown, 4);
                    let _ = writeln!(body, "show(\"{case}.{line}\", {value})");
                }
                if self.chance(2) {
                    body += &self.jobs(case);
                }
            }
        }
        let _ = writeln!(self.items, "pub fn case{case}() -> () do\n{body}\nend\n");
        let _ = writeln!(main, "  run(\"case {case}\", fn -> case{case}() end)");
    }
}
