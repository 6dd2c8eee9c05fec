//! Loops: `for` over all that can be gone through, `while` over what a process counts.

use super::ty::{Ty, list};
use super::{Generator, Place};

impl Generator {
    fn in_loop(&self) -> Place {
        Place { in_loop: true, nested: self.place.nested + 1, ..self.place.clone() }
    }

    /// What a loop goes over: its text, the pattern of an element and what that binds.
    fn source(&mut self, depth: usize) -> (String, String, Vec<(String, Ty)>) {
        let name = self.name("v");
        match self.random.below(7) {
            0 => {
                let (from, to) = (self.random.below(4), self.random.below(8));
                let dots = ["..", "..="][self.random.below(2)];
                (format!("{from}{dots}{to}"), name.clone(), vec![(name, Ty::Int)])
            }
            1 => {
                let (map, key, value) = self.a_map();
                let map = self.expr(&map, depth);
                let other = self.name("v");
                let pattern = if self.chance(2) {
                    format!("({name}, {other})")
                } else {
                    format!("{{{name}, {other}}}")
                };
                (map, pattern, vec![(name, key), (other, value)])
            }
            2 => {
                let (set, of) = self.a_set();
                (self.expr(&set, depth), name.clone(), vec![(name, of)])
            }
            3 => (self.expr(&Ty::Text, depth), name.clone(), vec![(name, Ty::Text)]),
            4 => {
                let of = self.any();
                let (pattern, bound) = self.pattern(&of, 2);
                (self.expr(&list(of), depth), pattern, bound)
            }
            _ => {
                let of = self.any();
                (self.expr(&list(of.clone()), depth), name.clone(), vec![(name, of)])
            }
        }
    }

    /// A `for` that gives a list.
    pub(super) fn comprehension(&mut self, of: &Ty, depth: usize) -> String {
        let (from, pattern, bound) = self.source(depth);
        let place = self.in_loop();
        let (guard, body) = self.within(place, |this| {
            this.scope.extend(bound);
            let guard =
                if this.chance(3) { format!(" when {}", this.quietly(&Ty::Bool)) } else { String::new() };
            let mut body = String::new();
            if this.chance(3) {
                let condition = this.expr(&Ty::Bool, depth.min(1));
                let leave = this.leave(depth.min(1));
                body = format!("if {condition} do {leave} end\n");
            }
            if this.chance(4) {
                body += &(this.statement(depth.min(1)) + "\n");
            }
            (guard, body + &this.expr(of, depth))
        });
        format!("(for {pattern} in {from}{guard} do\n{body}\nend)")
    }

    /// A loop whose value isn't used.
    pub(super) fn loop_statement(&mut self, depth: usize) -> String {
        let of = self.any();
        let text = self.comprehension(&of, depth);
        text[1..text.len() - 1].to_owned()
    }
}
