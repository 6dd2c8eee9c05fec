//! `cargo xtask project DIR`: writes a made project, to try the compiler on.

use std::fs;
use std::path::Path;

use snow_tests::project::Module;

/// Modules and items of a module that make 20,000 lines in 200 modules.
pub(crate) const SIZE: (usize, usize) = (200, 6);

/// Writes the project that `args` ask for: `DIR [MODULES [ITEMS]]`.
///
/// # Errors
/// A wrong argument, or a file that can't be written.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let number = |index: usize, default: usize| match args.get(index) {
        Some(text) => text.parse().map_err(|_| format!("`{text}` is no number")),
        None => Ok(default),
    };
    let dir = args.first().ok_or("name the folder to write to")?;
    let project = snow_tests::project::project(number(1, SIZE.0)?, number(2, SIZE.1)?, 1);
    write(Path::new(dir), &project)?;
    let lines: usize = project.iter().map(|m| m.text.lines().count()).sum();
    println!("{lines} lines in {} modules", project.len());
    Ok(())
}

/// Writes the files of a project.
///
/// # Errors
/// A file can't be written.
pub(crate) fn write(dir: &Path, project: &[Module]) -> Result<(), String> {
    for module in project {
        let path = dir.join(&module.path);
        let parent = path.parent().unwrap_or(dir);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, &module.text));
        written.map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}
