//! `snow fix`: applies the changes that messages propose and that are surely meant.
//!
//! A change may bring the next mistake to light, so the program is checked again until nothing is left to change; the
//! files are written once, at the end. Files of std and of packages are never touched.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;

use snow_driver::load::InputFile;
use snow_driver::{Session, load};

use crate::report;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  snow fix .                     apply all changes that are surely meant\n  snow fix --dry-run main.snow   show them only"
)]
pub(crate) struct Args {
    /// A `.snow` file, or a directory with `main.snow`
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Show the changes and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// How often a program is checked again: each round removes at least one mistake, so this is only met by a program
/// in which changes keep bringing others.
const ROUNDS: usize = 20;

pub(crate) fn run(args: &Args) -> ExitCode {
    let before = match load::load(&args.path) {
        Ok(files) => files,
        Err(e) => return report::not_loaded(&e, report::Style::default()),
    };
    let mut files = before.clone();
    let mut count = 0;
    for _ in 0..ROUNDS {
        let applied = fix_once(&mut files);
        if applied == 0 {
            break;
        }
        count += applied;
    }
    for (old, new) in before.iter().zip(&files).filter(|(old, new)| old.text != new.text) {
        if args.dry_run {
            print!("{}", diff(&old.shown, &old.text, &new.text));
        } else if let Err(e) = std::fs::write(&new.shown, &new.text) {
            return report::error(&format!("cannot write `{}`: {e}", new.shown));
        }
    }
    let changes = if count == 1 { "1 change".to_owned() } else { format!("{count} changes") };
    match (count, args.dry_run) {
        (0, _) => eprintln!("nothing to change"),
        (_, true) => eprintln!("{changes}; without `--dry-run` they are written"),
        (_, false) => eprintln!("{changes} made"),
    }
    ExitCode::SUCCESS
}

/// Checks the program and applies what is safe; how many changes that were.
fn fix_once(files: &mut [InputFile]) -> usize {
    let mut session = Session::default();
    // Its errors are what is to be fixed; an internal error has no fixes.
    let _ = session.check(files);
    let mut edits: BTreeMap<&str, Vec<(Range<usize>, &str)>> = BTreeMap::new();
    let mut applied = 0;
    for diagnostic in &session.diagnostics {
        let Some(fix) = diagnostic.fixes.iter().find(|f| f.safe) else { continue };
        let places: Vec<(&str, Range<usize>, &str)> = (fix.edits.iter())
            .map(|(span, text)| {
                let range = span.text_range();
                let file = session.sources.file(span.file).path.as_str();
                (file, range.start().into()..range.end().into(), text.as_str())
            })
            .collect();
        let fits = |(path, range, _): &(&str, Range<usize>, &str)| {
            let own = files.iter().any(|f| f.shown == *path && is_own(f));
            own && edits.get(path).is_none_or(|others| others.iter().all(|o| apart(&o.0, range)))
        };
        if !places.is_empty() && places.iter().all(fits) {
            applied += 1;
            for (path, range, text) in places {
                edits.entry(path).or_default().push((range, text));
            }
        }
    }
    for file in files.iter_mut().filter(|f| is_own(f)) {
        let Some(mut edits) = edits.remove(file.shown.as_str()) else { continue };
        // From behind; of two at one place the insertion comes last, so that it stands in front.
        edits.sort_by_key(|e| std::cmp::Reverse((e.0.start, e.0.end)));
        for (range, text) in edits {
            file.text.replace_range(range, text);
        }
    }
    applied
}

/// Does the file belong to the project rather than to a package that it uses?
fn is_own(file: &InputFile) -> bool {
    file.package.as_ref().is_none_or(|p| p.package.name.is_empty())
}

/// Can both pieces be replaced? Two insertions at one place can't: they may be the same.
fn apart(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.end < b.start || b.end < a.start
}

/// The lines that differ, with two lines around them.
fn diff(name: &str, old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut text = format!("--- {name}\n+++ {name}\n");
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if old.get(i) == new.get(j) {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let (cut, added) = hunk(&old[i..], &new[j..]);
        let (first, last) = (i.saturating_sub(2), (i + cut + 2).min(old.len()));
        text.push_str(&format!("@@ line {} @@\n", i + 1));
        let mut line = |mark: char, line: &str| text.push_str(&format!("{mark}{line}\n"));
        old[first..i].iter().for_each(|l| line(' ', l));
        old[i..i + cut].iter().for_each(|l| line('-', l));
        new[j..j + added].iter().for_each(|l| line('+', l));
        old[i + cut..last].iter().for_each(|l| line(' ', l));
        (i, j) = (i + cut, j + added);
    }
    text
}

/// How many lines of both differ until they agree again: the least in all.
fn hunk(old: &[&str], new: &[&str]) -> (usize, usize) {
    let agree = |i: usize, j: usize| {
        (0..2).all(|n| old.get(i + n) == new.get(j + n)) && (i < old.len() || j == new.len())
    };
    for size in 1..=old.len() + new.len() {
        for cut in 0..=size.min(old.len()) {
            if size - cut <= new.len() && agree(cut, size - cut) {
                return (cut, size - cut);
            }
        }
    }
    (old.len(), new.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diff_shows_what_changed() {
        let text = diff("a.snow", "one\ntwo\nthree\nfour\n", "one\n2\nthree\nfour\n");
        assert_eq!(text, "--- a.snow\n+++ a.snow\n@@ line 2 @@\n one\n-two\n+2\n three\n four\n");
        let text = diff("a.snow", "one\ntwo\n", "zero\none\ntwo\n");
        assert_eq!(text, "--- a.snow\n+++ a.snow\n@@ line 1 @@\n+zero\n one\n two\n");
    }

    #[test]
    fn overlapping_changes_are_told_apart() {
        assert!(apart(&(0..2), &(3..4)) && !apart(&(0..3), &(2..4)) && !apart(&(5..5), &(5..5)));
    }
}
