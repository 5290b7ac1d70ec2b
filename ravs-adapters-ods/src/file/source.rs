//! Where rows come from.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Where rows come from: a file, or anything else that can be read.
///
/// A file is opened when its turn comes, and read in pieces.
pub struct Source<'a> {
    pub(super) name: String,
    from: From<'a>,
}

enum From<'a> {
    File(PathBuf),
    Reader(Box<dyn Read + 'a>),
}

/// A source that is open.
pub(super) struct Opened<'a> {
    pub(super) reader: Box<dyn Read + 'a>,
    /// How many bytes it has, where that is known.
    pub(super) bytes: Option<u64>,
}

impl<'a> Source<'a> {
    /// A file; faults name it by this path.
    #[must_use]
    pub fn file(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        Self { name: path.display().to_string(), from: From::File(path.to_owned()) }
    }

    /// Anything else, which faults call by that name.
    #[must_use]
    pub fn reader(name: impl Into<String>, reader: impl Read + 'a) -> Self {
        Self { name: name.into(), from: From::Reader(Box::new(reader)) }
    }

    pub(super) fn open(self) -> io::Result<Opened<'a>> {
        match self.from {
            From::Reader(reader) => Ok(Opened { reader, bytes: None }),
            From::File(path) => {
                let file = File::open(path)?;
                let about = file.metadata()?;
                if about.is_dir() {
                    return Err(io::ErrorKind::IsADirectory.into());
                }
                let bytes = about.is_file().then_some(about.len());
                Ok(Opened { reader: Box::new(file), bytes })
            }
        }
    }
}

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.name).finish()
    }
}
