//! `snow build`: compiles a program to an executable, or shows a stage of it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use snow_driver::load::InputFile;
use snow_driver::{Checked, Failed, Session, load};

use super::options::CompileArgs;
use crate::report::{self, Style};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  snow build hello.snow                 makes ./hello\n  snow build --release -o app .         a fast executable\n  snow build --emit=mir:count main.snow  the program behind a pass (hir, mir, mir:PASS, llvm, asm)"
)]
pub(crate) struct Args {
    /// A `.snow` file, or a directory with `main.snow`
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Where to write the executable [default: the program's name]
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Optimise
    #[arg(long)]
    release: bool,
    /// Print a stage instead: hir, mir, mir:PASS, llvm, asm
    #[arg(long, value_parser = parse_emit)]
    emit: Option<Emit>,
    #[command(flatten)]
    compile: CompileArgs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Emit {
    Hir,
    Mir(String),
    Llvm,
    Asm,
}

fn parse_emit(text: &str) -> Result<Emit, String> {
    let passes: Vec<&str> =
        std::iter::once("build").chain(snow_mir::passes::PIPELINE.iter().map(|p| p.name)).collect();
    let last = passes[passes.len() - 1];
    match text {
        "hir" => Ok(Emit::Hir),
        "mir" => Ok(Emit::Mir(last.into())),
        "llvm" => Ok(Emit::Llvm),
        "asm" => Ok(Emit::Asm),
        _ => match text.strip_prefix("mir:") {
            Some(pass) if passes.contains(&pass) => Ok(Emit::Mir(pass.into())),
            Some(_) => Err(format!("the passes are {}", passes.join(", "))),
            None => Err("it is one of hir, mir, mir:PASS, llvm, asm".into()),
        },
    }
}

pub(crate) fn run(args: &Args) -> ExitCode {
    let style = Style { json: false, deny_warnings: args.compile.deny_warnings };
    let files = match load::load_with(&args.path, args.compile.packages.how()) {
        Ok(files) => files,
        Err(e) => return report::not_loaded(&e, style),
    };
    let mut session = Session::default();
    let built = build(&mut session, args, &files, style);
    if args.compile.timings {
        report::show_timings();
    }
    match built {
        Ok(code) => code,
        Err(failed) => report::failed(&session, &failed, style),
    }
}

fn build(session: &mut Session, args: &Args, files: &[InputFile], style: Style) -> Result<ExitCode, Failed> {
    let checked = session.check(files)?;
    if report::show(session, style) {
        return Ok(ExitCode::from(1));
    }
    session.diagnostics.clear();
    match &args.emit {
        Some(Emit::Hir) => {
            print!("{}", snow_hir::pretty_program(&checked.program));
        }
        Some(Emit::Mir(wanted)) => {
            let mut ran = false;
            session.build_mir(&checked, args.release, &mut |pass, mir, _| {
                if pass == wanted {
                    ran = true;
                    print!("{}", snow_mir::print::print(&checked.program, mir));
                }
            })?;
            if !ran {
                return Err(Failed::Outside(format!(
                    "the pass `{wanted}` runs in optimised builds only\n  = help: add `--release`"
                )));
            }
        }
        Some(Emit::Llvm | Emit::Asm) => print!("{}", low_level(session, &checked, args)?),
        None => {
            let output = output_path(args);
            if let Some(text) = refuse_output(&output) {
                return Err(Failed::Outside(text));
            }
            let (mir, layouts) = session.build_mir(&checked, args.release, &mut |_, _, _| {})?;
            session.link(&mir, &layouts, args.release, &output)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn low_level(session: &mut Session, checked: &Checked, args: &Args) -> Result<String, Failed> {
    let (mir, layouts) = session.build_mir(checked, args.release, &mut |_, _, _| {})?;
    session.text_of(&mir, &layouts, args.release, args.emit == Some(Emit::Asm))
}

/// `-o`, or the file's name without `.snow`, or the directory's name, in the working directory.
fn output_path(args: &Args) -> PathBuf {
    if let Some(output) = &args.output {
        return output.clone();
    }
    let name = if args.path.is_dir() {
        std::fs::canonicalize(&args.path).ok().and_then(|p| p.file_name().map(PathBuf::from))
    } else {
        args.path.file_stem().map(PathBuf::from)
    };
    name.unwrap_or_else(|| PathBuf::from("main"))
}

/// Why an output can't be written there.
fn refuse_output(output: &Path) -> Option<String> {
    output.is_dir().then(|| {
        format!(
            "`{}` is a directory\n  = help: name the executable with `-o`, for example `-o {}/app`",
            output.display(),
            output.display()
        )
    })
}
