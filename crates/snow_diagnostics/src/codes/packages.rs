//! Codes E08xx: projects, packages, the files that a program is read from.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "E0801",
        title: "snow.toml can't be read",
        text: "\
`snow.toml` is TOML: headings in brackets, below them lines of a name, `=` and a value; texts stand in quotes. The \
file is UTF-8.

```snow fail E0801
# snow.toml
[package]
name = hello
version = \"0.1.0\"
# main.snow
fn main() do println(\"hi\") end
```

Write `name = \"hello\"`.",
    },
    Explanation {
        code: "E0802",
        title: "something is missing in snow.toml",
        text: "\
A package has a `[package]` with `name` and `version`. A dependency says where it comes from: `path` for a folder, \
`git` for a repository.

```snow fail E0802
# snow.toml
[package]
name = \"hello\"
# main.snow
fn main() do println(\"hi\") end
```

There is no central list of packages, so `json = \"1.0\"` isn't enough: write \
`json = { git = \"https://…\", version = \"1.0\" }`.",
    },
    Explanation {
        code: "E0803",
        title: "unknown key in snow.toml",
        text: "\
Headings are `[package]` and `[dependencies]`. A package has `name`, `version`, `snow`, `license` and `description`; \
a dependency has `path`, `git`, `tag`, `rev`, `branch` and `version`.

```snow fail E0803
# snow.toml
[package]
name = \"hello\"
verion = \"0.1.0\"
# main.snow
fn main() do println(\"hi\") end
```",
    },
    Explanation {
        code: "E0804",
        title: "a value in snow.toml isn't what it should be",
        text: "\
A version has three numbers, `1.2.3`. A requirement is `\"1.2\"` for 1.2 and what is compatible with it, `\"=1.2.3\"` \
for one version, or `\">=1.2, <3\"` for a range. A repository is `https://…`, `ssh://…`, `user@host:path` or the whole \
path of a local one.

```snow fail E0804
# snow.toml
[package]
name = \"hello\"
version = \"1\"
# main.snow
fn main() do println(\"hi\") end
```",
    },
    Explanation {
        code: "E0805",
        title: "not a package's name",
        text: "\
A package's name is written in snake_case: lower-case letters, digits and `_`, a letter first. Its module is the same \
name in PascalCase, so `json_text` is imported as `JsonText`. `main`, `std`, `target` and `test` mean something else.

```snow fail E0805
# snow.toml
[package]
name = \"My-App\"
version = \"0.1.0\"
# main.snow
fn main() do println(\"hi\") end
```",
    },
    Explanation {
        code: "E0806",
        title: "a dependency says two things at once",
        text: "\
A dependency comes from one place, `path` or `git`, and names one state of a repository: `tag`, `rev` or `branch`.

```snow fail E0806
# snow.toml
[package]
name = \"hello\"
version = \"0.1.0\"
[dependencies]
math = { path = \"../math\", git = \"https://example.org/math\" }
# main.snow
fn main() do println(\"hi\") end
```

Keep one of them.",
    },
    Explanation {
        code: "E0807",
        title: "no snow.toml",
        text: "\
`snow add`, `snow remove` and `snow deps` work on the project around the current folder: the nearest folder with a \
`snow.toml`, here or above. `snow new NAME` makes a project. A package that is fetched has a `snow.toml` in its root.",
    },
    Explanation {
        code: "E0808",
        title: "not a dependency",
        text: "\
`snow remove NAME` takes away what stands below `[dependencies]` of the project's own `snow.toml`. What only other \
packages use isn't there: `snow deps` shows who brings it. A project can't depend on itself.",
    },
    Explanation {
        code: "E0809",
        title: "there is no such package at that place",
        text: "\
The folder of a dependency, seen from the folder of the `snow.toml` that names it, has a `snow.toml` of its own, and \
the name there is the one that it is asked for by.

```snow fail E0809
# snow.toml
[package]
name = \"hello\"
version = \"0.1.0\"
[dependencies]
math = { path = \"libs/math\" }
# main.snow
fn main() do println(\"hi\") end
```",
    },
    Explanation {
        code: "E0810",
        title: "a package can't be fetched",
        text: "\
Packages are fetched with `git`, which must be installed and allowed to read the address: `git ls-remote ADDRESS` \
shows what is there. The versions of a repository are its tags `v1.2.3`; other states are named by `tag`, `rev` or \
`branch`. With `--offline` only what was fetched before is used.

```snow fail E0810
# snow.toml
[package]
name = \"hello\"
version = \"0.1.0\"
[dependencies]
math = { git = \"file:///no/such/repository\", version = \"1.0\" }
# main.snow
fn main() do println(\"hi\") end
```",
    },
    Explanation {
        code: "E0811",
        title: "no versions fit together",
        text: "\
A project has one version of each package, and every package that asks for it must agree to that version. The note \
lists who asks for what, and what there is.

```snow fail E0811
# snow.toml
[package]
name = \"hello\"
version = \"0.1.0\"
[dependencies]
hello = { path = \".\", version = \"2.0\" }
# main.snow
fn main() do println(\"hi\") end
```

Ask for other versions, or take a version of the package in between that allows them.",
    },
    Explanation {
        code: "E0812",
        title: "a package comes from two places",
        text: "\
A project has one package of each name: its modules can't be there twice. Here the project and one of its packages \
name different folders or repositories for it. Let both name the same.",
    },
    Explanation {
        code: "E0813",
        title: "packages need each other in a circle",
        text: "\
Packages are put together one after the other, so none may need itself, not even through others.

```snow fail E0813
# snow.toml
[package]
name = \"hello\"
version = \"0.1.0\"
[dependencies]
hello = { path = \".\" }
# main.snow
fn main() do println(\"hi\") end
```

Move what both need into a package of its own.",
    },
    Explanation {
        code: "E0814",
        title: "a newer Snow is needed",
        text: "\
`snow = \"0.2\"` in `[package]` names the oldest version of Snow that can compile the package.

```snow fail E0814
# snow.toml
[package]
name = \"hello\"
version = \"0.1.0\"
snow = \"999.0\"
# main.snow
fn main() do println(\"hi\") end
```

Install a newer Snow, or lower the number if the package needs nothing newer.",
    },
    Explanation {
        code: "E0815",
        title: "snow.lock can't be read",
        text: "\
`snow.lock` is written by `snow`, not by hand. It may be damaged, for example by a merge, or be written by a newer \
version of Snow.

```snow fail E0815
# snow.toml
[package]
name = \"hello\"
version = \"0.1.0\"
# snow.lock
<<<<<<< HEAD
version = 1
# main.snow
fn main() do println(\"hi\") end
```

Bring it back from your version control, or delete it: the next command chooses versions anew.",
    },
    Explanation {
        code: "E0816",
        title: "snow.lock doesn't fit snow.toml",
        text: "\
With `--locked`, `snow.lock` must already name all that `snow.toml` asks for. Run the command once without `--locked` \
and keep the new `snow.lock` in your version control.",
    },
    Explanation {
        code: "E0817",
        title: "the content of a package is another one",
        text: "\
`snow.lock` names the content of each fetched package by a hash. What was fetched now is something else: the repository \
was changed after the fact, or the lock file. If you trust the new content, `snow deps --update` takes it.",
    },
    Explanation {
        code: "E0818",
        title: "a package looks out of its folder",
        text: "\
A fetched package may only read its own files. A path with `..`, a link that leads outside, and the repository of \
another machine's folder are refused. Use another version of the package, or tell its authors.",
    },
    Explanation {
        code: "E0819",
        title: "two files are one module",
        text: "\
A module is called as its file: `math/vector.snow` is `Math.Vector`. The modules of a package stand under the package's \
name, so `text.snow` and `json/text.snow` of the package `json` would both be `Json.Text`. A file of the project can't \
be called like a package that it uses. Rename one of the files.",
    },
    Explanation {
        code: "E0820",
        title: "a file can't be read or written",
        text: "\
The message says which, and why: it isn't there, it may not be read, or it isn't UTF-8. Source files are UTF-8 and \
smaller than 1 GiB.",
    },
    Explanation {
        code: "E0821",
        title: "not a Snow program",
        text: "\
A program is a file that ends in `.snow`, or a folder with `main.snow` in it. A folder with a `snow.toml` but without \
`main.snow` is a package for others: `snow check` looks at it, `snow run` can't.",
    },
];
