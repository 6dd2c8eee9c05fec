//! Functions and imports that nothing uses. Says nothing where errors were reported: uses may be hidden behind them.

use snow_base::{FileId, FxHashSet, Name, Span};

use crate::body::{BodyOwner, Expr};
use crate::items::{Container, FnDef, FnId, FnKind, ModuleId};
use crate::lower::Lowerer;
use crate::problems::items::unused_function;
use crate::problems::names::unused_import;

impl Lowerer<'_> {
    /// Warns of unused imports and private functions in the files of which the bodies were lowered: what uses them
    /// stands in the same file.
    pub(crate) fn report_unused(&mut self, is_fresh: &dyn Fn(FileId) -> bool) {
        if self.diags.iter().any(|d| d.is_error()) {
            return;
        }
        let uses = self.import_uses.iter();
        let used: FxHashSet<_> = uses.clone().filter(|i| i.used).map(|i| i.item).collect();
        let mut cut: FxHashSet<Span> = FxHashSet::default();
        for import in uses.filter(|i| !i.used && i.warn && is_fresh(i.span.file)) {
            // Where nothing of it is used the first name takes all of it away.
            let part = if used.contains(&import.item) {
                import.cut
            } else {
                cut.insert(import.item).then_some(import.item)
            };
            self.diags.push(unused_import(import.name, import.span, part));
        }
        let (called, methods) = self.references();
        for (id, def) in self.program.fns.iter() {
            let is_used = called.contains(&id) || methods.contains(&(def.module, def.name));
            if !is_used && self.may_be_unused(def) && is_fresh(def.span.file) {
                self.diags.push(unused_function(def.name, def.span));
            }
        }
    }

    fn may_be_unused(&self, def: &FnDef) -> bool {
        // A file without `main` is looked at only; what will use its functions is still to be written.
        let is_root = self.program.root == Some(def.module);
        let main = Name::new("main");
        let unfinished = is_root && !self.program.modules[def.module].values.contains_key(&main);
        let is_main = is_root && def.name == main;
        !unfinished
            && def.container == Container::Module
            && !def.is_pub
            && !is_main
            && !matches!(def.kind, FnKind::Test(_))
            && !def.name.as_str().starts_with('_')
            && !self.program.modules[def.module].is_std
    }

    /// Functions that others name, and names used as methods with the module in which they are.
    fn references(&self) -> (FxHashSet<FnId>, FxHashSet<(ModuleId, Name)>) {
        let (mut called, mut methods) = (FxHashSet::default(), FxHashSet::default());
        for body in self.program.bodies.values() {
            for expr in body.exprs.values() {
                match expr {
                    Expr::Fn(id) if body.owner != BodyOwner::Fn(*id) => {
                        called.insert(*id);
                    }
                    Expr::MethodCall { name, .. } => {
                        methods.insert((body.module, *name));
                    }
                    _ => {}
                }
            }
        }
        (called, methods)
    }
}
