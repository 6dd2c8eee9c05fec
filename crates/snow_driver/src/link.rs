//! From object files and the runtime's archive to an executable.
//!
//! The linker is called directly where its inputs are known (Linux with glibc): the C compiler's driver would add its own
//! start. Elsewhere, and when no linker is found, the C compiler links. It doesn't decide what goes into the program.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Linkers, the fastest first.
const LINKERS: &[&str] = &["mold", "rust-lld", "ld.lld-19", "ld.lld", "lld", "ld"];

/// What is linked.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The program's object files.
    pub objects: &'a [PathBuf],
    /// The runtime's archive.
    pub runtime: &'a Path,
    /// Where the executable goes.
    pub output: &'a Path,
}

/// Why there is no executable.
#[derive(Debug)]
pub enum LinkError {
    /// Neither a linker nor a C compiler is there, or the C library's start files aren't.
    NoLinker,
    /// A file couldn't be written.
    Io(PathBuf, io::Error),
    /// The linker refused, with what it said.
    Failed(String),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::NoLinker => write!(f, "no linker found. {}", install_hint()),
            LinkError::Io(path, error) => write!(f, "cannot write {}: {error}", path.display()),
            LinkError::Failed(output) => write!(f, "linking failed:\n{output}"),
        }
    }
}

impl std::error::Error for LinkError {}

fn install_hint() -> &'static str {
    if cfg!(target_os = "macos") {
        "Install Apple's command line tools: xcode-select --install"
    } else {
        "Install a C compiler with its linker: `apt install gcc` (Debian, Ubuntu), `dnf install gcc` (Fedora), \
         `apk add gcc musl-dev` (Alpine), `pacman -S gcc` (Arch)"
    }
}

/// Writes `runtime`, the bytes of the runtime's archive, into `dir` once, and gives its path. The name must be unique to the
/// bytes: versions of the compiler share the directory.
///
/// # Errors
/// Where the file can't be written.
pub fn store_runtime(dir: &Path, name: &str, runtime: &[u8]) -> Result<PathBuf, LinkError> {
    let path = dir.join(name);
    if fs::metadata(&path).is_ok_and(|meta| meta.len() == runtime.len() as u64) {
        return Ok(path);
    }
    write_runtime(dir, name, runtime)?;
    Ok(path)
}

/// Writes the runtime's archive again if what [`store_runtime`] found has other bytes, and says whether it had.
///
/// # Errors
/// Where the file can't be written.
pub fn mend_runtime(dir: &Path, name: &str, runtime: &[u8]) -> Result<bool, LinkError> {
    if fs::read(dir.join(name)).is_ok_and(|kept| kept == runtime) {
        return Ok(false);
    }
    write_runtime(dir, name, runtime)?;
    Ok(true)
}

fn write_runtime(dir: &Path, name: &str, runtime: &[u8]) -> Result<(), LinkError> {
    let path = dir.join(name);
    let fail = |error| LinkError::Io(path.clone(), error);
    fs::create_dir_all(dir).map_err(fail)?;
    // Written aside and renamed, so that nobody ever links with half of it.
    let part = dir.join(format!("{name}.{}.part", std::process::id()));
    fs::write(&part, runtime).and_then(|()| fs::rename(&part, &path)).map_err(fail)
}

/// Links an executable.
///
/// # Errors
/// See [`LinkError`].
pub fn link(input: &Input<'_>) -> Result<(), LinkError> {
    call_linker(input).map_err(|failed| match (&failed, unwritable(input.output)) {
        (LinkError::Failed(_), Some(error)) => LinkError::Io(input.output.to_path_buf(), error),
        _ => failed,
    })
}

/// Why no file can be made at `output`, if so: what linkers say of it names files of their own.
fn unwritable(output: &Path) -> Option<io::Error> {
    if output.is_dir() {
        return Some(io::ErrorKind::IsADirectory.into());
    }
    let mut beside = output.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let made = fs::File::create_new(&beside).and_then(|_| fs::remove_file(&beside));
    made.err()
}

fn call_linker(input: &Input<'_>) -> Result<(), LinkError> {
    let mut said = None;
    if cfg!(target_os = "linux") {
        let start_files = StartFiles::find();
        let linker = LINKERS.iter().find_map(|name| find_program(name));
        if let (Some(files), Some(linker)) = (start_files, linker) {
            match run(Command::new(&linker).args(direct_args(&linker, &files, input))) {
                Ok(()) => return Ok(()),
                Err(text) => said = Some(text),
            }
        }
    }
    // The C compiler knows systems that the direct call doesn't.
    let Some(compiler) = ["cc", "gcc", "clang"].iter().find_map(|name| find_program(name)) else {
        return Err(said.map_or(LinkError::NoLinker, LinkError::Failed));
    };
    run(Command::new(compiler).args(driver_args(input)))
        .map_err(|text| LinkError::Failed(said.unwrap_or(text)))
}

fn run(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim_end().to_string()),
        Err(error) => Err(format!("{}: {error}", command.get_program().to_string_lossy())),
    }
}

/// Looks a program up in `PATH`. O(directories).
fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// The objects that a C program starts and ends with.
struct StartFiles {
    /// The directory of `crt1.o`, `crti.o`, `crtn.o`.
    libc: PathBuf,
    /// The program that loads shared libraries at the start.
    loader: &'static str,
}

impl StartFiles {
    fn find() -> Option<StartFiles> {
        let (triple, loader) = if cfg!(target_arch = "x86_64") {
            ("x86_64-linux-gnu", "/lib64/ld-linux-x86-64.so.2")
        } else if cfg!(target_arch = "aarch64") {
            ("aarch64-linux-gnu", "/lib/ld-linux-aarch64.so.1")
        } else {
            return None;
        };
        if !Path::new(loader).exists() {
            return None;
        }
        let dirs = [format!("/usr/lib/{triple}"), "/usr/lib64".into(), "/usr/lib".into(), "/lib64".into()];
        let known = dirs.into_iter().map(PathBuf::from).find(|dir| dir.join("crt1.o").exists());
        Some(StartFiles { libc: known.or_else(libc_dir_of_compiler)?, loader })
    }
}

/// Asks the C compiler; only where the directory isn't a known one, because it takes a while.
fn libc_dir_of_compiler() -> Option<PathBuf> {
    let output = Command::new("cc").arg("-print-file-name=crt1.o").output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    path.is_absolute().then(|| path.parent().map(Path::to_path_buf)).flatten()
}

/// The arguments of a linker of the GNU family. Position-dependent: such programs start faster.
fn direct_args(linker: &Path, files: &StartFiles, input: &Input<'_>) -> Vec<OsString> {
    let mut args: Vec<OsString> = Vec::new();
    let is_rust_lld = linker.file_name().is_some_and(|name| name == "rust-lld" || name == "lld");
    if is_rust_lld {
        args.extend(["-flavor", "gnu"].map(OsString::from));
    }
    args.extend(
        ["-no-pie", "--gc-sections", "--eh-frame-hdr", "--as-needed", "-z", "relro"].map(OsString::from),
    );
    args.extend(["--hash-style=gnu", "-dynamic-linker", files.loader].map(OsString::from));
    args.extend(["-o".into(), input.output.into()]);
    args.extend(["crt1.o", "crti.o"].map(|file| files.libc.join(file).into_os_string()));
    args.push(prefixed("-L", &files.libc));
    args.extend(input.objects.iter().map(OsString::from));
    args.push(input.runtime.into());
    args.extend(["-lm", "-lpthread", "-ldl"].map(OsString::from));
    args.extend(unwinder());
    args.push("-lc".into());
    args.push(files.libc.join("crtn.o").into_os_string());
    args
}

fn prefixed(prefix: &str, path: &Path) -> OsString {
    let mut arg = OsString::from(prefix);
    arg.push(path);
    arg
}

/// The library that walks stacks, which the runtime needs: as an archive where a C compiler brought one (programs start
/// faster with it), otherwise the shared one of the system.
fn unwinder() -> Vec<OsString> {
    let parents = ["/usr/lib/gcc", "/usr/lib64/gcc"].iter().filter_map(|dir| fs::read_dir(dir).ok());
    let triples = parents
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(std::env::consts::ARCH));
    let versions = triples.filter_map(|triple| fs::read_dir(triple.path()).ok()).flatten().flatten();
    match versions.map(|version| version.path()).find(|dir| dir.join("libgcc_eh.a").exists()) {
        Some(dir) => vec![dir.join("libgcc_eh.a").into(), dir.join("libgcc.a").into()],
        None => vec!["-l:libgcc_s.so.1".into()],
    }
}

fn driver_args(input: &Input<'_>) -> Vec<OsString> {
    let mut args: Vec<OsString> = vec!["-o".into(), input.output.into()];
    args.extend(input.objects.iter().map(OsString::from));
    args.push(input.runtime.into());
    if cfg!(target_os = "macos") {
        args.push("-Wl,-dead_strip".into());
    } else {
        args.extend(["-no-pie", "-Wl,--gc-sections", "-lm", "-lpthread", "-ldl"].map(OsString::from));
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An object file and an archive, made with the C compiler.
    fn inputs(dir: &Path) -> Option<([PathBuf; 1], PathBuf)> {
        fs::write(dir.join("main.c"), "int answer(void); int main(void) { return answer(); }").ok()?;
        fs::write(dir.join("rt.c"), "#include <math.h>\nint answer(void) { return (int)sqrt(1764.0); }")
            .ok()?;
        for name in ["main", "rt"] {
            let compile = ["-c", "-O0", "-fno-pie", "-fno-builtin", &format!("{name}.c")];
            Command::new("cc").args(compile).current_dir(dir).status().ok()?;
        }
        Command::new("ar").args(["rcs", "librt.a", "rt.o"]).current_dir(dir).status().ok()?;
        Some(([dir.join("main.o")], dir.join("librt.a")))
    }

    #[test]
    fn links_a_program_that_runs() {
        let dir = tempfile::tempdir().unwrap();
        let (objects, runtime) = inputs(dir.path()).expect("a C compiler");
        let output = dir.path().join("program");
        let input = Input { objects: &objects, runtime: &runtime, output: &output };
        link(&input).unwrap();
        assert_eq!(Command::new(&output).status().unwrap().code(), Some(42));
    }

    #[test]
    fn shows_what_the_linker_said() {
        let dir = tempfile::tempdir().unwrap();
        let (objects, _) = inputs(dir.path()).expect("a C compiler");
        let runtime = dir.path().join("missing.a");
        let output = dir.path().join("program");
        let input = Input { objects: &objects, runtime: &runtime, output: &output };
        let Err(LinkError::Failed(text)) = link(&input) else { panic!("linked without a runtime") };
        assert!(text.contains("missing.a"), "{text}");
    }

    #[test]
    fn stores_the_runtime_once() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("cache");
        let path = store_runtime(&place, "rt-1.a", b"bytes").unwrap();
        assert_eq!(store_runtime(&place, "rt-1.a", b"bytes").unwrap(), path);
        assert_eq!(fs::read(path).unwrap(), b"bytes");
        assert_eq!(fs::read_dir(place).unwrap().count(), 1);
    }
}
