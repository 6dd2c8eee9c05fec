//! Checking a program for its messages only, and what is kept for the next time: what of a program is checked again?
//!
//! - What is kept belongs to one compiler, one list of files and one outline of each (`snow_syntax::outline`): items and
//!   their ids are the same then. The texts that have changed, and those in which something was found, are checked; of
//!   the others it is taken over what the checker recorded ([`snow_typeck::Record`]).
//! - The messages are those of a full check, always. Where what is kept doesn't show that, the program is checked in full:
//!   after mistakes of the syntax, when anything outside of bodies has changed, and when the checker gives up.
//! - Only programs without errors are kept, so that an error in one file doesn't cost what is known of the others.
//! - Keeping may fail; then the next check is a full one.

use std::path::Path;

use snow_base::{ContentHash, ContentHasher, FileId, FxHashSet};
use snow_diagnostics::Diagnostic;
use snow_hir::ParsedFile;
use snow_syntax::{AstNode, outline};
use snow_typeck::Record;

use crate::load::InputFile;
use crate::phase::{Phase, enter, note};
use crate::session::packages_of;
use crate::store::Store;
use crate::{Failed, Session, cascade, objects};

/// Bytes of records that are kept at most: some hundred projects of 20,000 lines.
const LIMIT: u64 = 64 << 20;

/// Where a program's record is kept.
struct Place {
    store: Store,
    key: ContentHash,
    /// Of all that isn't in the texts: the compiler, the files, their packages.
    frame: ContentHash,
}

/// What is known of a program that was found to be without errors.
struct Kept {
    files: Vec<KeptFile>,
    /// [`Record`] as bytes.
    record: Vec<u8>,
}

/// What is known of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KeptFile {
    text: ContentHash,
    outline: ContentHash,
    /// Whether there was nothing to say about it.
    is_clean: bool,
}

impl Session {
    /// Reads, resolves and checks a program for its messages, which are those of [`Session::check`]; parts that haven't
    /// changed since the last time aren't checked again. `dir` is where it keeps what it finds out, if it may.
    ///
    /// It leaves trees and items in memory: a process calls it once.
    ///
    /// # Errors
    /// [`Failed::Errors`] if anything is wrong with the program; all that was found is in `diagnostics`.
    pub fn check_only(&mut self, files: &[InputFile], dir: Option<&Path>) -> Result<(), Failed> {
        // Of a program of one file nothing stays the same.
        let dir = dir.filter(|_| files.len() > 1);
        let Some(place) = dir.and_then(|dir| Place::of(files, dir)) else {
            return self.check(files).map(drop);
        };
        let texts: Vec<ContentHash> = files.iter().map(|f| ContentHash::of(f.text.as_bytes())).collect();
        let kept = place.read(files.len());
        let fresh = kept.as_ref().map(|kept| kept.fresh(&texts));
        if fresh.as_ref().is_some_and(Vec::is_empty) {
            enter(Phase::Check);
            self.note_checked(0, files.len());
            return Ok(());
        }
        let parsed = self.parse(files);
        let own = &parsed[parsed.len() - files.len()..];
        let known = kept.as_ref().map(|kept| kept.files.as_slice()).unwrap_or_default();
        let now: Vec<KeptFile> = (own.iter().zip(texts).enumerate())
            .map(|(index, (file, text))| match known.get(index) {
                Some(known) if known.text == text => *known,
                _ => KeptFile { text, outline: outline(file.tree.syntax()), is_clean: true },
            })
            .collect();
        let again = match (kept, fresh) {
            (Some(kept), Some(fresh)) => self.check_again(kept, &fresh, (files, &parsed, &now)),
            _ => None,
        };
        let record = match again {
            Some(record) => record,
            None => self.check_all(files, &parsed),
        };
        let outcome = self.stop_on_errors();
        if outcome.is_ok()
            && let Some(record) = record
        {
            place.keep(now, own, (&self.diagnostics, &record));
        }
        // The process is about to end: taking all of it apart would only cost time.
        std::mem::forget(parsed);
        outcome
    }

    /// The full check.
    fn check_all(&mut self, files: &[InputFile], parsed: &[ParsedFile]) -> Option<Record> {
        enter(Phase::Lower);
        let (program, mut found) = snow_hir::lower_packages(parsed, packages_of(files, parsed));
        enter(Phase::Check);
        let unread = cascade::unread(&self.diagnostics, &found, parsed);
        let recorded = snow_typeck::check_recording(&program, &unread);
        self.note_checked(files.len(), files.len());
        found.extend(recorded.diagnostics);
        self.conclude(found, files, parsed);
        std::mem::forget(program);
        recorded.record
    }

    /// Checks the files `fresh`, given by number. `None`, with nothing said: the program has to be checked in full.
    fn check_again(
        &mut self,
        kept: Kept,
        fresh: &[usize],
        (files, parsed, now): (&[InputFile], &[ParsedFile], &[KeptFile]),
    ) -> Option<Option<Record>> {
        let same_items = kept.files.iter().zip(now).all(|(kept, now)| kept.outline == now.outline);
        if !self.diagnostics.is_empty() || !same_items {
            return None;
        }
        let record = Record::from_bytes(&kept.record)?;
        let own = &parsed[parsed.len() - files.len()..];
        let fresh: FxHashSet<FileId> = fresh.iter().map(|&index| own[index].file).collect();
        enter(Phase::Lower);
        let (program, mut found) = snow_hir::lower_bodies_of(&fresh, parsed, packages_of(files, parsed));
        enter(Phase::Check);
        let recorded = match cascade::unread(&[], &found, parsed)[..] {
            [] => snow_typeck::check_again(&program, record, &fresh),
            _ => None,
        };
        std::mem::forget(program);
        let recorded = recorded?;
        self.note_checked(fresh.len(), files.len());
        found.extend(recorded.diagnostics);
        self.conclude(found, files, parsed);
        Some(recorded.record)
    }

    /// Says how much was checked.
    fn note_checked(&mut self, count: usize, of: usize) {
        self.files_checked = Some(count);
        note(format!("modules checked: {count} of {of}"));
    }
}

impl Place {
    /// Where what is known of these files is kept. `None`: nowhere.
    fn of(files: &[InputFile], dir: &Path) -> Option<Place> {
        let store = Store::open(dir.join("checks"), LIMIT).ok()?;
        let compiler = objects::compiler();
        let here = std::env::current_dir().ok()?;
        let name = files.iter().find(|f| f.is_root).or(files.first())?;
        let key = hash(|hasher| {
            hasher.hash(compiler);
            hasher.bytes(path_bytes(&here));
            hasher.text(&name.shown);
        });
        let frame = hash(|hasher| {
            hasher.hash(compiler);
            hasher.number(files.len() as u64);
            files.iter().for_each(|file| add_frame(file, hasher));
        });
        Some(Place { store, key, frame })
    }

    fn read(&self, count: usize) -> Option<Kept> {
        let bytes = self.store.read(self.key)?;
        let mut rest = bytes.as_slice();
        if take_hash(&mut rest)? != self.frame {
            return None;
        }
        let mut files = Vec::with_capacity(count);
        for _ in 0..count {
            let (text, outline) = (take_hash(&mut rest)?, take_hash(&mut rest)?);
            let (&is_clean, after) = rest.split_first()?;
            rest = after;
            files.push(KeptFile { text, outline, is_clean: is_clean != 0 });
        }
        Some(Kept { files, record: rest.to_vec() })
    }

    /// Keeps what was found out of a program without errors. Failing to only makes the next check slower.
    fn keep(&self, mut files: Vec<KeptFile>, own: &[ParsedFile], (found, record): (&[Diagnostic], &Record)) {
        let Some(record) = record.to_bytes() else { return };
        let spoken_of: FxHashSet<FileId> = found.iter().map(|d| d.span().file).collect();
        let mut bytes = self.frame.to_bytes().to_vec();
        for (kept, file) in files.iter_mut().zip(own) {
            kept.is_clean = !spoken_of.contains(&file.file);
            bytes.extend(kept.text.to_bytes());
            bytes.extend(kept.outline.to_bytes());
            bytes.push(u8::from(kept.is_clean));
        }
        bytes.extend(record);
        let is_new = !self.store.has(self.key);
        if self.store.write(self.key, &bytes).is_ok() && is_new {
            self.store.prune();
        }
    }
}

impl Kept {
    /// The numbers of the files that have to be checked.
    fn fresh(&self, texts: &[ContentHash]) -> Vec<usize> {
        let files = self.files.iter().zip(texts).enumerate();
        files.filter(|(_, (kept, text))| !kept.is_clean || kept.text != **text).map(|f| f.0).collect()
    }
}

/// All of a file but its text.
fn add_frame(file: &InputFile, hasher: &mut ContentHasher) {
    hasher.text(&file.shown);
    hasher.text(&file.module);
    hasher.tag(u8::from(file.is_root));
    hasher.tag(u8::from(file.package.is_some()));
    if let Some(place) = &file.package {
        hasher.text(&place.module);
        hasher.text(&place.package.name);
        hasher.number(place.package.uses.len() as u64);
        place.package.uses.iter().for_each(|name| hasher.text(name));
    }
}

fn hash(add: impl FnOnce(&mut ContentHasher)) -> ContentHash {
    let mut hasher = ContentHasher::default();
    add(&mut hasher);
    hasher.finish()
}

fn take_hash(bytes: &mut &[u8]) -> Option<ContentHash> {
    let (hash, rest) = bytes.split_first_chunk::<16>()?;
    *bytes = rest;
    Some(ContentHash::from_bytes(*hash))
}

fn path_bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}
