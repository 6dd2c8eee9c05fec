//! Packages: which folders hold the modules of a project, its dependencies' among them?
//!
//! The manifest `snow.toml`, the solving of versions, the lock file `snow.lock`, fetching from git. Nothing of a
//! dependency is ever run, and a dependency can't read what is outside its folder. It prints nothing.

mod add;
mod content;
mod create;
mod error;
mod explain;
mod git;
mod lock;
mod manifest;
mod names;
mod paths;
mod remove;
mod resolve;
mod solve;
mod store;
mod tree;
mod version;
mod world;

pub use add::{NewDependency, add};
pub use content::{PackageFile, package_files};
pub use create::{Kind, create};
pub use error::{PkgError, Place};
pub use lock::LOCK;
pub use manifest::{Dependency, MANIFEST, Manifest, Pin, SourceSpec};
pub use names::{check_package_name, module_of, outside, pascal};
pub use paths::shown_path;
pub use remove::remove;
pub use resolve::{Context, LockUse, Origin, Package, Resolved, project_root, resolve};
pub use tree::tree;
