//! Services and supervisors as ordinary items: Snow code made from templates around what the user wrote.
//!
//! A [`Code`] is text in which pieces of the user's file are pasted; [`Made`] remembers which, so that every place in
//! the parsed text stands for a place of the user's file. What the made code refers to lies in std's modules
//! `Service` and `Supervisor`.

mod answers;
mod service;
mod supervisor;

use std::rc::Rc;

use snow_base::{FileId, FxHashMap, Name, Span, TextRange, TextSize};
use snow_syntax::ast::{self, AstNode, HasName};

use crate::collect::Decls;
use crate::items::{CtorId, Module, ModuleId, TypeNs};
use crate::lower::Lowerer;
use crate::resolve::ModuleScope;
use crate::scope::ItemScope;

pub(crate) use answers::{Answers, CALLER};

/// The name under which a made module sees the module with the user's own code.
pub use service::BEGIN as BEGIN_OF_SERVICE;

const OWN_CODE: &str = "Handlers";

/// Which pieces of made code stand for which places.
#[derive(Debug)]
pub(crate) struct Made {
    file: FileId,
    /// What stands for everything else.
    place: TextRange,
    pieces: Vec<Piece>,
    /// The handlers among the functions: what their values mean.
    pub(crate) answers: FxHashMap<Name, Answers>,
}

/// A piece of made code.
#[derive(Debug)]
struct Piece {
    made: TextRange,
    user: TextRange,
    /// Whether it is the user's text itself; otherwise all of it stands for one place.
    exact: bool,
}

impl Made {
    /// The place that a piece of the text stands for: the innermost known one.
    pub(crate) fn place_of(&self, range: TextRange) -> Span {
        let around = self.pieces.iter().filter(|p| p.made.contains_range(range));
        let place = match around.min_by_key(|p| p.made.len()) {
            Some(piece) if piece.exact => {
                TextRange::at(piece.user.start() + (range.start() - piece.made.start()), range.len())
            }
            Some(piece) => piece.user,
            None => self.place,
        };
        Span::new(self.file, place)
    }
}

/// Made code while it is put together.
struct Code {
    text: String,
    made: Made,
}

impl Code {
    /// Nothing yet; `place` stands for all that isn't pasted.
    fn new(place: Span) -> Code {
        let made = Made {
            file: place.file,
            place: place.text_range(),
            pieces: Vec::new(),
            answers: FxHashMap::default(),
        };
        Code { text: String::new(), made }
    }

    fn end(&self) -> TextSize {
        TextSize::of(self.text.as_str())
    }

    /// The place of a piece of the user's file.
    fn place(&self, range: TextRange) -> Span {
        Span::new(self.made.file, range)
    }

    /// Adds text.
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds the user's own text.
    fn paste<N: AstNode<Language = snow_syntax::Snow>>(&mut self, node: &N) {
        let start = self.end();
        self.text.push_str(&node.syntax().text().to_string());
        let (made, user) = (TextRange::new(start, self.end()), node.syntax().text_range());
        self.made.pieces.push(Piece { made, user, exact: true });
    }

    /// Adds what `add` adds; all of it that isn't pasted stands for `place`.
    fn at(&mut self, place: Span, add: impl FnOnce(&mut Code)) {
        let start = self.end();
        add(self);
        let made = TextRange::new(start, self.end());
        self.made.pieces.push(Piece { made, user: place.text_range(), exact: false });
    }

    /// The items of the code, and the surroundings in which they are to be collected.
    fn finish(self, scope: &ItemScope, module: ModuleId) -> (Vec<ast::Item>, ItemScope) {
        // The text's own file is never looked at; mistakes inside pasted pieces were reported where they stand.
        let parse = snow_syntax::parse(&self.text, FileId(u32::MAX));
        let mut inner = ItemScope::of_module(module, scope.file);
        inner.made = Some(Rc::new(self.made));
        (parse.tree().items().collect(), inner)
    }
}

impl Lowerer<'_> {
    /// A module that no file and no `module` item makes. It sees what `scope`'s module sees.
    fn made_module(&mut self, scope: &ItemScope, path: String) -> ModuleId {
        let outer = &self.program.modules[scope.module];
        let module = Module {
            path,
            file: scope.file,
            parent: Some(scope.module),
            is_std: outer.is_std,
            types: Default::default(),
            values: Default::default(),
            ctors: Default::default(),
            modules: Default::default(),
        };
        let id = self.program.modules.alloc(module);
        self.scopes.insert(id, ModuleScope { is_private: true, ..ModuleScope::default() });
        id
    }

    /// The module that stands behind a service's or supervisor's name; none if the name is taken.
    fn named_module(&mut self, scope: &ItemScope, name: Name, span: Span, is_pub: bool) -> Option<ModuleId> {
        if let Some(&other) = self.program.modules[scope.module].modules.get(&name) {
            let first = self.scopes[other].nested_at;
            self.diags.push(crate::problems::items::defined_twice("module", name, span, first));
            return None;
        }
        let path = match self.program.root {
            Some(root) if root == scope.module => name.to_string(),
            _ => format!("{}.{name}", self.module_path(scope.module)),
        };
        let id = self.made_module(scope, path);
        self.scopes[id].nested_at = Some(span);
        self.scopes[id].is_private = !is_pub;
        self.program.modules[scope.module].modules.insert(name, id);
        Some(id)
    }

    /// Collects made code into a module.
    fn collect_made(&mut self, code: Code, scope: &ItemScope, module: ModuleId, decls: &mut Decls) {
        let (items, inner) = code.finish(scope, module);
        self.collect_items(inner, items.into_iter(), decls);
    }

    /// Collects the type of a service's requests: its name is seen where the service is, its variants only in `home`.
    fn collect_requests(
        &mut self,
        code: Code,
        (scope, home): (&ItemScope, ModuleId),
        name: Name,
        decls: &mut Decls,
    ) {
        let taken = self.program.modules[scope.module].types.contains_key(&name);
        self.collect_made(code, scope, scope.module, decls);
        let Some(&TypeNs::Type(id)) = self.program.modules[scope.module].types.get(&name) else { return };
        if taken {
            return; // reported as defined twice
        }
        let mut moved: Vec<(Name, CtorId)> = Vec::new();
        for (name, ctors) in &mut self.program.modules[scope.module].ctors {
            moved.extend(ctors.iter().filter(|c| c.ty == id).map(|c| (*name, *c)));
            ctors.retain(|c| c.ty != id);
        }
        self.program.modules[scope.module].ctors.retain(|_, ctors| !ctors.is_empty());
        for (name, ctor) in moved {
            self.program.modules[home].ctors.entry(name).or_default().push(ctor);
        }
    }
}

/// The name of an item as text.
fn name_of<N: HasName>(node: &N) -> Option<Name> {
    let name = node.name()?.text();
    (!name.as_str().is_empty()).then_some(name)
}

/// The function of a service that makes a request: `get_url` for `GetURL`.
pub fn function_of_request(name: &str) -> String {
    snake_case(name)
}

/// `GetURL` as a function's name: `get_url`.
fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let after_small = i > 0 && (chars[i - 1].is_lowercase() || chars[i - 1].is_ascii_digit());
        let before_small = i > 0 && chars.get(i + 1).is_some_and(|n| n.is_lowercase());
        if c.is_uppercase() && (after_small || before_small && chars[i - 1] != '_') {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn names_of_calls() {
        let cases = [("Get", "get"), ("GetURL", "get_url"), ("URLOf", "url_of"), ("Put2Items", "put2_items")];
        for (written, called) in cases {
            assert_eq!(snake_case(written), called);
        }
    }
}
