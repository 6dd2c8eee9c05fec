//! Processes in random programs: actors that are asked, services, jobs, messages received out of order.
//!
//! Only what is deterministic is printed: answers, never who was first. A process that may end early is only asked in ways
//! that don't show when it ended.

use std::fmt::Write;

use super::ty::{self, Ty};
use super::{Generator, Place};

impl Generator {
    fn in_process(&self) -> Place {
        Place { nested: 1, ..Place::default() }
    }

    /// An actor with a state, and the lines that talk to it.
    pub(super) fn write_asked(&mut self, case: usize) -> String {
        let states: Vec<Ty> = (0..1 + self.random.below(2)).map(|_| self.any()).collect();
        let tells: Vec<Ty> = (0..1 + self.random.below(2)).map(|_| self.any()).collect();
        let answer = self.shown();
        let question = self.any();
        let named: Vec<(String, Ty)> =
            states.iter().enumerate().map(|(at, ty)| (format!("s{at}"), ty.clone())).collect();
        let head: Vec<String> =
            named.iter().map(|(name, ty)| format!("{name} :: {}", self.written(ty))).collect();
        let mut kinds = String::new();
        let mut arms = String::new();
        for (at, tell) in tells.iter().enumerate() {
            let _ = writeln!(kinds, "  Tell{case}x{at}({})", self.written(tell));
            self.begin(self.in_process(), 14);
            self.scope = named.clone();
            let (pattern, bound) = self.pattern(tell, 2);
            self.scope.extend(bound);
            let next = self.next_states(&states);
            let _ = writeln!(arms, "    Tell{case}x{at}({pattern}) -> talker{case}({next})");
            self.scope = named.clone();
            let next = self.next_states(&states);
            let _ = writeln!(arms, "    Tell{case}x{at}(_) -> talker{case}({next})");
        }
        let _ = writeln!(kinds, "  Ask{case}({}, Pid<{}>)", self.written(&question), self.written(&answer));
        self.begin(self.in_process(), 20);
        self.scope = named.clone();
        self.scope.push(("q".to_owned(), question.clone()));
        let reply = self.expr(&answer, 3);
        let next = self.next_states(&states);
        let _ = writeln!(
            arms,
            "    Ask{case}(q, from) ->\n      send(from, {reply})\n      talker{case}({next})"
        );
        let ending = if self.chance(3) { "terminate do\n  let _ = 1\nend\n" } else { "" };
        let _ = writeln!(
            self.items,
            "type Talk{case} do\n{kinds}end\n\nactor talker{case}({}) do\n  receive do\n{arms}  end\n{ending}end\n",
            head.join(", ")
        );
        self.begin(Place { loud: false, ..Place::default() }, 30);
        let start: Vec<String> = states.iter().map(|ty| self.expr(ty, 2)).collect();
        let mut lines = format!("let talk = spawn(talker{case}, {})\n", start.join(", "));
        for step in 0..3 + self.random.below(4) {
            if self.chance(2) {
                let at = self.random.below(tells.len());
                let value = self.expr(&tells[at], 2);
                let _ = writeln!(lines, "send(talk, Tell{case}x{at}({value}))");
            } else {
                let value = self.expr(&question, 2);
                let _ = writeln!(
                    lines,
                    "case ask(talk, fn reply -> Ask{case}({value}, reply) end) do\n\
                     Ok(a) -> show(\"{case}.{step}\", a)\nErr(_) -> println(\"{case}.{step} no answer\")\nend"
                );
            }
        }
        lines
    }

    fn next_states(&mut self, states: &[Ty]) -> String {
        let next: Vec<String> = states.iter().map(|ty| self.expr(ty, 2)).collect();
        next.join(", ")
    }

    /// A service, and the lines that use it.
    pub(super) fn write_service(&mut self, case: usize) -> String {
        let (state, param, given) = (self.any(), self.any(), self.any());
        let answer = self.shown();
        let written = [&state, &param, &given, &answer].map(|ty| self.written(ty));
        self.begin(self.in_process(), 12);
        self.scope.push(("p0".to_owned(), param.clone()));
        let start = self.expr(&state, 3);
        self.begin(self.in_process(), 20);
        self.scope = vec![("x".to_owned(), given.clone()), ("s".to_owned(), state.clone())];
        let reply = self.expr(&answer, 3);
        let next = self.expr(&state, 3);
        let cast = self.expr(&state, 3);
        let _ = writeln!(
            self.items,
            "service Desk{case} do\n  fn init(p0 :: {1}) -> {0} do {start} end\n  \
             call Put(x :: {2}) :: {3} do |s| ({reply}, {next}) end\n  cast Drop(x :: {2}) do |s| {cast} end\nend\n",
            written[0], written[1], written[2], written[3]
        );
        self.begin(Place::default(), 30);
        let first = self.expr(&param, 2);
        let mut lines = format!(
            "case Desk{case}.try_start({first}) do\nErr(_) -> println(\"{case} no start\")\nOk(desk) ->\n"
        );
        for step in 0..3 + self.random.below(3) {
            let value = self.expr(&given, 2);
            if self.chance(2) {
                let _ = writeln!(lines, "Desk{case}.drop(desk, {value})");
            } else {
                let _ = writeln!(
                    lines,
                    "let x{step} = {value}\ncase Service.try(fn -> Desk{case}.put(desk, x{step}) end) do\n\
                     Ok(a) -> show(\"{case}.{step}\", a)\nErr(_) -> println(\"{case}.{step} no answer\")\nend"
                );
            }
        }
        lines + "end\n"
    }

    /// Jobs: the text of a crash is part of what they give.
    pub(super) fn jobs(&mut self, case: usize) -> String {
        let (of, shown) = (self.any(), self.shown());
        let place = Place { nested: 1, ..Place::default() };
        let work = self.within(place, |this| this.expr(&shown, 3));
        let items = self.expr(&ty::list(of.clone()), 2);
        let step = self.hof(&[of], &shown, 2);
        format!(
            "let job = Job.async(fn -> {work} end)\nshow(\"{case}.job\", Job.await(job))\n\
             show(\"{case}.jobs\", Job.map(List.take({items}, 4), {step}))\n"
        )
    }

    /// A case that receives messages, from processes that it starts, in another order than they may come.
    pub(super) fn write_receiver(&mut self, case: usize, main: &mut String) {
        let tys: Vec<Ty> = (0..2 + self.random.below(2)).map(|_| self.shown()).collect();
        let mut kinds = format!("  Go{case}\n");
        let mut body = String::new();
        self.begin(Place { loud: true, ..Place::default() }, 50);
        for _ in 0..2 {
            let _ = writeln!(body, "{}", self.statement(3));
        }
        body.push_str("let me = self()\n");
        let _ = writeln!(kinds, "  Step{case}(Int)");
        let in_loop = Place { in_loop: true, nested: 1, loud: true, ..Place::default() };
        let steps = self.random.below(4);
        let step = self.within(in_loop, |this| {
            let condition = this.expr(&Ty::Bool, 1);
            let leave = this.leave(1);
            format!("{}\nif {condition} do {leave} end", this.statement(2))
        });
        let _ = writeln!(
            body,
            "for i in 0..4 do send(me, Step{case}(i)) end\nwhile (receive do\nStep{case}(n) -> n < {steps}\nend) do\n{step}\nend"
        );
        for (at, ty) in tys.iter().enumerate() {
            let _ = writeln!(kinds, "  Got{case}x{at}({})", self.written(ty));
            let place = self.in_process();
            let value = self.within(place, |this| this.expr(ty, 3));
            let _ = writeln!(
                body,
                "let w{at} = Process.monitor(spawn(fn -> send(me, Got{case}x{at}({value})) end))"
            );
        }
        for (at, ty) in tys.iter().enumerate().rev() {
            // A worker may crash before it sends.
            let (pattern, bound) = self.pattern(ty, 2);
            let place = self.place.clone();
            let shown = self.shown();
            let (one, other) = self.within(place, |this| {
                let other = this.expr(&shown, 2);
                this.scope.extend(bound);
                (this.expr(&shown, 2), other)
            });
            let _ = writeln!(
                body,
                "let r{at} = receive do\n  Got{case}x{at}({pattern}) -> {one}\n  Got{case}x{at}(_) -> {other}\n  \
                 (:down, ref, _, reason) when ref == w{at} and reason != Normal -> {other}\nend\nshow(\"{case}.{at}\", r{at})"
            );
        }
        let _ = writeln!(
            self.items,
            "type Mail{case} do\n{kinds}end\n\nactor case{case}() do\n  receive do\n    Go{case} ->\n{body}\n    Got{case}x0(_) -> ()\n  end\nend\n"
        );
        let _ = writeln!(
            main,
            "  let p{case} = spawn(case{case})\n  let w{case} = Process.monitor(p{case})\n  send(p{case}, Go{case})\n  receive do\n    \
             (:down, ref, _, reason) when ref == w{case} -> println(\"case {case}: ${{reason}}\")\n  end"
        );
    }
}
