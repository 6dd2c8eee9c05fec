//! Aliases that contain themselves: reported once a cycle, then cut, so that later stages can expand every alias.

use snow_base::{ArenaMap, Name};

use crate::items::{AliasId, TypeRef, TypeRefKind};
use crate::lower::Lowerer;
use crate::problems::items as problems;

impl Lowerer<'_> {
    /// Finds cycles of aliases and replaces their first alias' meaning by an error.
    pub(crate) fn check_alias_cycles(&mut self) {
        let mut done: ArenaMap<AliasId, ()> = ArenaMap::default();
        let starts: Vec<AliasId> = self.program.aliases.iter().map(|a| a.0).collect();
        for start in starts {
            let mut stack: Vec<(AliasId, Vec<AliasId>)> = vec![(start, self.aliases_in(start))];
            while let Some((alias, mut rest)) = stack.pop() {
                let Some(target) = rest.pop() else {
                    done.insert(alias, ());
                    continue;
                };
                stack.push((alias, rest));
                if let Some(at) = stack.iter().position(|s| s.0 == target) {
                    let cycle: Vec<AliasId> = stack[at..].iter().map(|s| s.0).collect();
                    self.report_alias_cycle(&cycle);
                } else if !done.contains_idx(target) {
                    stack.push((target, self.aliases_in(target)));
                }
            }
        }
    }

    fn report_alias_cycle(&mut self, cycle: &[AliasId]) {
        let first = cycle[0];
        if self.program.aliases[first].ty.kind == TypeRefKind::Error {
            return;
        }
        let path: Vec<Name> = cycle.iter().chain([&first]).map(|&a| self.program.aliases[a].name).collect();
        self.diags.push(problems::recursive_alias(&path, self.program.aliases[first].span));
        for &alias in cycle {
            self.program.aliases[alias].ty.kind = TypeRefKind::Error;
        }
    }

    fn aliases_in(&self, alias: AliasId) -> Vec<AliasId> {
        let mut found = Vec::new();
        collect_aliases(&self.program.aliases[alias].ty, &mut found);
        found
    }
}

fn collect_aliases(ty: &TypeRef, found: &mut Vec<AliasId>) {
    match &ty.kind {
        TypeRefKind::Alias(id, args) => {
            found.push(*id);
            args.iter().for_each(|a| collect_aliases(a, found));
        }
        TypeRefKind::Type(_, args) | TypeRefKind::Tuple(args) => {
            args.iter().for_each(|a| collect_aliases(a, found));
        }
        TypeRefKind::Fn(params, ret) => {
            params.iter().for_each(|p| collect_aliases(p, found));
            collect_aliases(ret, found);
        }
        TypeRefKind::Param(_) | TypeRefKind::SelfTy | TypeRefKind::Infer | TypeRefKind::Error => {}
    }
}
