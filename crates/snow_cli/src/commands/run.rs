//! `snow run`: compiles a program and becomes it.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use snow_driver::load::InputFile;
use snow_driver::{Failed, Session, cache, load};

use super::options::CompileArgs;
use crate::report::{self, Style};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  snow run hello.snow\n  snow run --release . -- --port 8080")]
pub(crate) struct Args {
    /// A `.snow` file, or a directory with `main.snow`
    path: PathBuf,
    /// Optimise
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    compile: CompileArgs,
    /// Arguments for the program
    #[arg(last = true)]
    args: Vec<OsString>,
}

pub(crate) fn run(args: Args) -> ExitCode {
    let style = Style { json: false, deny_warnings: args.compile.deny_warnings };
    let files = match load::load_with(&args.path, args.compile.packages.how()) {
        Ok(files) => files,
        Err(e) => return report::not_loaded(&e, style),
    };
    let mut session = Session::default();
    let compiled = compile(&mut session, &args, &files, style);
    if args.compile.timings {
        report::show_timings();
    }
    match compiled {
        Ok(Some(program)) => {
            let failed = Command::new(&program).args(&args.args).exec();
            report::error(&format!("cannot run `{}`: {failed}", program.display()))
        }
        Ok(None) => ExitCode::from(1),
        Err(failed) => report::failed(&session, &failed, style),
    }
}

/// Gives the executable's path; `None`: warnings were denied. Executables are kept by content: the same program isn't linked
/// twice.
fn compile(
    session: &mut Session,
    args: &Args,
    files: &[InputFile],
    style: Style,
) -> Result<Option<PathBuf>, Failed> {
    let checked = session.check(files)?;
    if report::show(session, style) {
        return Ok(None);
    }
    session.diagnostics.clear();
    let (mir, layouts) = session.build_mir(&checked, args.release, &mut |_, _, _| {})?;
    let plan = session.plan(&mir, &layouts, args.release)?;
    let outside = |what: &str, e: std::io::Error| Failed::Outside(format!("{what}: {e}"));
    let dir = cache::dir().map_err(|e| outside("cannot create a directory for the program", e))?.join("run");
    fs::create_dir_all(&dir).map_err(|e| outside("cannot create a directory for the program", e))?;
    let program = dir.join(session.name_of(&plan));
    if !cache::is_whole(&program) {
        cache::prune(&dir);
        let unfinished = dir.join(format!("{}.tmp", std::process::id()));
        session.link_plan(&plan, &mir, &layouts, (args.release, &unfinished))?;
        cache::keep_whole(&unfinished, &program).map_err(|e| outside("cannot write the program", e))?;
    }
    Ok(Some(program))
}
