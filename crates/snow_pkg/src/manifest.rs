//! What does `snow.toml` say?
//!
//! Reads a text; it doesn't look for files. Every error has its place in the text.

use std::fmt;
use std::ops::Range;

use semver::{Version, VersionReq};
use snow_diagnostics::nearest;
use toml_edit::{Document, Item, TableLike};

use crate::error::{PkgError, Place};
use crate::names::check_package_name;
use crate::version::version_of_tag;

/// The name of the file.
pub const MANIFEST: &str = "snow.toml";

/// What a package says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Its name, snake_case.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// The oldest compiler that it can be compiled with, and where it says so.
    pub snow: Option<(Version, Place)>,
    /// Its licence.
    pub license: Option<String>,
    /// What it is, in one line.
    pub description: Option<String>,
    /// What it uses, by name.
    pub dependencies: Vec<Dependency>,
}

/// One line of `[dependencies]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// Where it comes from.
    pub source: SourceSpec,
    /// Which versions will do; `None`: every one.
    pub version: Option<VersionReq>,
    /// Where it says so.
    pub place: Place,
}

/// Where a dependency comes from, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceSpec {
    /// A folder, seen from the manifest's.
    Path(String),
    /// A git repository.
    Git {
        /// What `git clone` takes.
        url: String,
        /// Which of its states.
        pin: Pin,
    },
}

/// Which state of a git repository is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pin {
    /// One of the tags `v1.2.3`, whichever version fits.
    Versions,
    /// A tag that is no version.
    Tag(String),
    /// A commit.
    Rev(String),
    /// The newest commit of a branch.
    Branch(String),
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pin::Versions => f.write_str("versions"),
            Pin::Tag(tag) => write!(f, "tag {tag}"),
            Pin::Rev(rev) => write!(f, "rev {rev}"),
            Pin::Branch(branch) => write!(f, "branch {branch}"),
        }
    }
}

impl Manifest {
    /// Reads a manifest; `shown` is its file's name in messages.
    ///
    /// # Errors
    /// It isn't TOML, something is missing, unknown, or not what it should be.
    pub fn parse(text: &str, shown: &str) -> Result<Manifest, PkgError> {
        let document = parse_toml(text, shown)
            .map_err(|e| e.help("lines look like `name = \"text\"`, below a heading such as `[package]`"))?;
        let reader = Reader { text, shown };
        let root = Section { reader: &reader, name: String::new(), table: document.as_table(), span: None };
        root.only(&["package", "dependencies"])?;
        let package = root.section("package")?.ok_or_else(|| missing_package(&root))?;
        package.only(&["name", "version", "snow", "license", "description"])?;
        let dependencies = match root.section("dependencies")? {
            Some(section) => parse_dependencies(&section)?,
            None => Vec::new(),
        };
        Ok(Manifest {
            name: parse_name(&package)?,
            version: parse_version(&package)?,
            snow: parse_compiler(&package)?,
            license: package.text("license")?.map(|t| t.0),
            description: package.text("description")?.map(|t| t.0),
            dependencies,
        })
    }
}

/// Reads TOML; the error has the place.
pub(crate) fn parse_toml<'t>(text: &'t str, shown: &str) -> Result<Document<&'t str>, PkgError> {
    let code = if shown.ends_with(".lock") { "E0815" } else { "E0801" };
    Document::parse(text).map_err(|e| {
        let range = e.span().unwrap_or(0..0);
        let message = e.message().lines().collect::<Vec<_>>().join(", ");
        PkgError::new(code, format!("{shown} can't be read: {message}")).at(Place::of(shown, text, range))
    })
}

fn missing_package(root: &Section<'_>) -> PkgError {
    PkgError::new("E0802", format!("{} has no `[package]`", root.reader.shown))
        .at(root.place())
        .help("begin it with\n[package]\nname = \"my_app\"\nversion = \"0.1.0\"")
}

fn parse_name(package: &Section<'_>) -> Result<String, PkgError> {
    let (name, place) = package.required("name", "my_app")?;
    check_package_name(&name).map_err(|e| e.at(place))?;
    Ok(name)
}

fn parse_version(package: &Section<'_>) -> Result<Version, PkgError> {
    let (text, place) = package.required("version", "0.1.0")?;
    Version::parse(&text).map_err(|_| {
        let error = PkgError::new("E0804", format!("`{text}` is not a version")).at(place.clone());
        let whole = format!("{text}{}", if text.contains('.') { ".0" } else { ".0.0" });
        match Version::parse(&whole) {
            Ok(_) => error.fix("a version has three numbers", place, format!("\"{whole}\"")),
            Err(_) => error.help("a version has three numbers: `version = \"0.1.0\"`"),
        }
    })
}

/// The oldest compiler: two numbers will do.
fn parse_compiler(package: &Section<'_>) -> Result<Option<(Version, Place)>, PkgError> {
    let Some((text, place)) = package.text("snow")? else { return Ok(None) };
    let full = match text.matches('.').count() {
        0 => format!("{text}.0.0"),
        1 => format!("{text}.0"),
        _ => text.clone(),
    };
    let version = Version::parse(&full).map_err(|_| {
        PkgError::new("E0804", format!("`{text}` is not a version of Snow"))
            .at(place.clone())
            .note("`snow` is the oldest compiler that the package can be compiled with")
            .help("write it with numbers alone: `snow = \"0.1\"`")
    })?;
    Ok(Some((version, place)))
}

fn parse_dependencies(section: &Section<'_>) -> Result<Vec<Dependency>, PkgError> {
    let names: Vec<&str> = section.table.iter().map(|(name, _)| name).collect();
    let mut dependencies: Vec<Dependency> =
        names.into_iter().map(|name| parse_dependency(section, name)).collect::<Result<_, _>>()?;
    dependencies.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(dependencies)
}

fn parse_dependency(section: &Section<'_>, name: &str) -> Result<Dependency, PkgError> {
    let place = section.place_of_key(name);
    check_package_name(name).map_err(|e| e.at(place.clone()))?;
    let dependency = section.section(name)?.ok_or_else(|| unclear_source(name, &place))?;
    dependency.only(&["path", "git", "tag", "rev", "branch", "version"])?;
    let source = match (dependency.text("path")?, dependency.text("git")?) {
        (Some((path, at)), None) => path_source(&dependency, path, at)?,
        (None, Some((url, at))) => {
            SourceSpec::Git { url: checked_url(url, at)?, pin: parse_pin(&dependency)? }
        }
        (None, None) => return Err(unclear_source(name, &place)),
        (Some((_, path)), Some((_, at))) => {
            let error = PkgError::new("E0806", format!("`{name}` has two sources, `path` and `git`"));
            return Err(error.at(at).label(path, "it is a folder here").help("keep one of them"));
        }
    };
    let version = parse_requirement(&dependency)?;
    Ok(normal(Dependency { name: name.to_owned(), source, version, place }))
}

fn path_source(dependency: &Section<'_>, path: String, at: Place) -> Result<SourceSpec, PkgError> {
    if let Some((key, place)) = dependency.first_of(&["tag", "rev", "branch"])? {
        let error =
            PkgError::new("E0806", format!("`{key}` belongs to a git repository, not to `path`")).at(place);
        return Err(
            error.help(format!("take `{key}` away, or give `git = \"https://…\"` in place of `path`"))
        );
    }
    if path.is_empty() {
        return Err(PkgError::new("E0804", "the path is empty")
            .at(at)
            .help("name a folder: `path = \"../math\"`"));
    }
    Ok(SourceSpec::Path(path))
}

/// A tag that is a version is a version: packages that ask for it otherwise can share it.
fn normal(dependency: Dependency) -> Dependency {
    let SourceSpec::Git { url, pin: Pin::Tag(tag) } = &dependency.source else { return dependency };
    let Some(version) = version_of_tag(tag) else { return dependency };
    let exact = VersionReq::parse(&format!("={version}"));
    let Ok(mut exact) = exact else { return dependency };
    exact.comparators.extend(dependency.version.iter().flat_map(|v| v.comparators.iter().cloned()));
    let source = SourceSpec::Git { url: url.clone(), pin: Pin::Versions };
    Dependency { source, version: Some(exact), ..dependency }
}

fn unclear_source(name: &str, place: &Place) -> PkgError {
    PkgError::new("E0802", format!("where does `{name}` come from?")).at(place.clone()).help(format!(
        "write `{name} = {{ path = \"../{name}\" }}` for a folder, or\n\
         `{name} = {{ git = \"https://…\", version = \"1.0\" }}` for a git repository"
    ))
}

fn parse_requirement(dependency: &Section<'_>) -> Result<Option<VersionReq>, PkgError> {
    let Some((text, place)) = dependency.text("version")? else { return Ok(None) };
    VersionReq::parse(&text).map(Some).map_err(|e| {
        PkgError::new("E0804", format!("`{text}` doesn't say which versions will do"))
            .note(format!("{e}"))
            .at(place)
            .help("write `\"1.2\"` for 1.2 and what is compatible with it, `\"=1.2.3\"` for one version, `\">=1.2, <3\"` for a range")
    })
}

fn parse_pin(dependency: &Section<'_>) -> Result<Pin, PkgError> {
    let mut pin = Pin::Versions;
    for key in ["tag", "rev", "branch"] {
        let Some((text, place)) = dependency.text(key)? else { continue };
        check_ref(key, &text).map_err(|e| e.at(place.clone()))?;
        if pin != Pin::Versions {
            let error =
                PkgError::new("E0806", "only one of `tag`, `rev` and `branch` can be given").at(place);
            return Err(error.help("keep one of them"));
        }
        pin = match key {
            "tag" => Pin::Tag(text),
            "rev" => Pin::Rev(text),
            _ => Pin::Branch(text),
        };
    }
    Ok(pin)
}

/// What git could take for an option or for more than a name is refused.
fn check_ref(key: &str, text: &str) -> Result<(), PkgError> {
    let plain = |c: char| c.is_alphanumeric() || "-_./+".contains(c);
    let commit = key != "rev" || (text.len() >= 7 && text.chars().all(|c| c.is_ascii_hexdigit()));
    if !text.is_empty() && !text.starts_with('-') && !text.contains("..") && text.chars().all(plain) && commit
    {
        return Ok(());
    }
    let error = PkgError::new("E0804", format!("`{text}` is not a {key} of git"));
    Err(match key {
        "rev" => error.help("give at least 7 digits of the commit, as `git log` shows it"),
        _ => error.help(format!("write the {key}'s name as `git {key} --list` shows it")),
    })
}

/// The protocols that only move data; `ext::` and its like run commands.
fn checked_url(url: String, place: Place) -> Result<String, PkgError> {
    let schemes = ["https://", "http://", "ssh://", "git://", "file:///", "/"];
    let known = schemes.iter().any(|s| url.starts_with(s)) || is_ssh_place(&url);
    if known && !url.contains("://-") && url.chars().all(|c| !c.is_control() && !c.is_whitespace()) {
        return Ok(url);
    }
    Err(PkgError::new("E0804", format!("`{url}` is not the address of a git repository"))
        .at(place)
        .help("write `https://…`, `ssh://…`, `user@host:path` or the whole path of a local repository; for a folder beside this one use `path`"))
}

/// `user@host:path`.
fn is_ssh_place(url: &str) -> bool {
    let part = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric());
    url.split_once('@').is_some_and(|(user, rest)| {
        let host = rest
            .split_once(':')
            .filter(|(host, path)| part(host) && !path.is_empty() && !path.starts_with(':'));
        part(user) && !user.contains([':', '/']) && host.is_some_and(|(host, _)| !host.contains('/'))
    })
}

/// Whether a git address is on this machine.
pub(crate) fn is_local(url: &str) -> bool {
    url.starts_with('/') || url.starts_with("file://")
}

/// The text and how it is called.
#[derive(Debug)]
struct Reader<'t> {
    text: &'t str,
    shown: &'t str,
}

/// One table of the manifest.
struct Section<'t> {
    reader: &'t Reader<'t>,
    /// `package`; empty for the whole file.
    name: String,
    table: &'t dyn TableLike,
    span: Option<Range<usize>>,
}

impl<'t> Section<'t> {
    fn at(&self, span: Option<Range<usize>>) -> Place {
        Place::of(self.reader.shown, self.reader.text, span.unwrap_or(0..0))
    }

    fn place(&self) -> Place {
        self.at(self.span.clone())
    }

    fn place_of_key(&self, key: &str) -> Place {
        self.at(self.table.key(key).and_then(|k| k.span()).or_else(|| self.span.clone()))
    }

    fn place_of(&self, key: &str, item: &Item) -> Place {
        item.span().map_or_else(|| self.place_of_key(key), |s| self.at(Some(s)))
    }

    /// Refuses keys that mean nothing.
    fn only(&self, known: &[&str]) -> Result<(), PkgError> {
        let Some((odd, _)) = self.table.iter().find(|(key, _)| !known.contains(key)) else { return Ok(()) };
        let what =
            if self.name.is_empty() { "a heading".to_owned() } else { format!("a key of `{}`", self.name) };
        let error = PkgError::new("E0803", format!("`{odd}` is not {what}")).at(self.place_of_key(odd));
        Err(match nearest(odd, known.iter().copied()) {
            Some(near) => {
                error.fix(format!("did you mean `{}`?", near.name), self.place_of_key(odd), near.name)
            }
            None => error.help(format!("there are: {}", known.join(", "))),
        })
    }

    fn section(&self, key: &str) -> Result<Option<Section<'t>>, PkgError> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        let full = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        if let Some(table) = item.as_table_like() {
            let span = self.table.key(key).and_then(|k| k.span()).or_else(|| item.span());
            return Ok(Some(Section { reader: self.reader, name: full, table, span }));
        }
        let place = self.place_of(key, item);
        if self.name == "dependencies" {
            return Err(unclear_source(key, &place));
        }
        Err(PkgError::new("E0804", format!("`{key}` is a heading, not a value"))
            .at(place)
            .help(format!("write `[{key}]` on a line of its own")))
    }

    fn text(&self, key: &str) -> Result<Option<(String, Place)>, PkgError> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        let place = self.place_of(key, item);
        match item.as_str() {
            Some(text) => Ok(Some((text.to_owned(), place))),
            None => {
                let error = PkgError::new("E0804", format!("`{key}` is not a text")).at(place.clone());
                Err(match item.as_value().filter(|v| v.is_integer() || v.is_float() || v.is_bool()) {
                    Some(value) => {
                        error.fix("put it in quotes", place, format!("\"{}\"", value.to_string().trim()))
                    }
                    None => error.help(format!("put it in quotes: `{key} = \"…\"`")),
                })
            }
        }
    }

    fn required(&self, key: &str, example: &str) -> Result<(String, Place), PkgError> {
        self.text(key)?.ok_or_else(|| {
            PkgError::new("E0802", format!("the package has no `{key}`"))
                .at(self.place())
                .help(format!("add `{key} = \"{example}\"` below `[{}]`", self.name))
        })
    }

    fn first_of(&self, keys: &[&'static str]) -> Result<Option<(&'static str, Place)>, PkgError> {
        for key in keys {
            if let Some((_, place)) = self.text(key)? {
                return Ok(Some((key, place)));
            }
        }
        Ok(None)
    }
}
