//! The archives of a release, and their checksums.
//!
//! The same files make the same bytes: entries are sorted, belong to nobody, and have one fixed time.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use super::{Built, LICENCES, OTHERS, PAGE, Places, at, file_name, title};
use crate::shell::{Failure, Outcome, project};

/// The checksums, as `sha256sum --check` reads them.
const SUMS: &str = "SHA256SUMS";
/// The ending of every archive: Windows has `tar` since Windows 10, and krew reads the form on all platforms.
const ENDING: &str = ".tar.gz";
/// When every entry was changed: 2020-01-01. GNU tar warns of the time 0.
const CHANGED: u64 = 1_577_836_800;
/// The rights of a file and of a program.
const FILE: u32 = 0o644;
const EXECUTABLE: u32 = 0o755;

/// The checksum of an archive, by its name.
pub struct Sum {
    /// 64 hexadecimal digits.
    pub sha256: String,
    pub name: String,
}

/// An archive that is being written: one folder, compressed.
struct Archive<W: Write> {
    tar: Builder<W>,
    folder: String,
}

/// Writes the archive of the page alone, for any static host.
pub fn page(places: &Places) -> Outcome<PathBuf> {
    write(&title(PAGE), places, |archive| archive.folder(&page_of(places)?, ""))
}

/// Writes the archive of a program: the program, the page beside the program, and the licences.
pub fn program(triple: &str, built: &Built, places: &Places) -> Outcome<PathBuf> {
    write(&title(triple), places, |archive| {
        for name in LICENCES {
            archive.file(&project().join(name), name, FILE)?;
        }
        if let Some(others) = &built.others {
            archive.bytes(others.as_bytes(), OTHERS, FILE)?;
        }
        archive.file(&built.program, &file_name(triple), EXECUTABLE)?;
        archive.folder(&page_of(places)?, PAGE)
    })
}

/// The folder of the page, which has to be built.
fn page_of(places: &Places) -> Outcome<PathBuf> {
    let page = &places.page;
    if page.join("index.html").is_file() {
        return Ok(page.clone());
    }
    Err(Failure(format!("{} has no page: `cargo dev build` makes the page", page.display())))
}

/// Writes an archive under its name once all of the archive is there.
fn write(title: &str, places: &Places, fill: impl Fn(&mut Archive<&mut dyn Write>) -> Outcome) -> Outcome<PathBuf> {
    let path = places.files.join(format!("{title}{ENDING}"));
    let mut packed = GzBuilder::new().write(Vec::new(), Compression::default());
    let mut archive = Archive { tar: Builder::new(&mut packed as &mut dyn Write), folder: title.to_owned() };
    fill(&mut archive)?;
    archive.tar.finish().map_err(at(&path))?;
    drop(archive);
    let bytes = packed.finish().map_err(at(&path))?;
    std::fs::create_dir_all(&places.files).and_then(|()| std::fs::write(&path, bytes)).map_err(at(&path))?;
    Ok(path)
}

impl<W: Write> Archive<W> {
    fn file(&mut self, path: &Path, name: &str, rights: u32) -> Outcome {
        self.bytes(&std::fs::read(path).map_err(at(path))?, name, rights)
    }

    fn bytes(&mut self, bytes: &[u8], name: &str, rights: u32) -> Outcome {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(rights);
        header.set_mtime(CHANGED);
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(bytes.len() as u64);
        self.tar.append_data(&mut header, format!("{}/{name}", self.folder), bytes).map_err(at(Path::new(name)))
    }

    /// All files of a folder, below a name.
    fn folder(&mut self, path: &Path, name: &str) -> Outcome {
        for entry in sorted(path)? {
            let last = entry.file_name().and_then(|name| name.to_str());
            let last = last.ok_or_else(|| Failure(format!("{} has a name that is no text", entry.display())))?;
            let name = if name.is_empty() { last.to_owned() } else { format!("{name}/{last}") };
            if entry.is_dir() {
                self.folder(&entry, &name)?;
            } else {
                self.file(&entry, &name, FILE)?;
            }
        }
        Ok(())
    }
}

/// What is in a folder, in the order of the names.
pub fn sorted(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries: std::io::Result<Vec<PathBuf>> = folder.read_dir().and_then(|all| all.map(|entry| Ok(entry?.path())).collect());
    let mut entries = entries.map_err(at(folder))?;
    entries.sort();
    Ok(entries)
}

/// Writes the checksums of all archives of this version that are there, and tells them.
pub fn write_sums(files: &Path) -> Outcome<String> {
    let archives = sorted(files)?.into_iter().filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), path)));
    let line = |(name, path): (String, PathBuf)| -> Outcome<String> {
        let sum = Sha256::digest(std::fs::read(&path).map_err(at(&path))?);
        Ok(format!("{sum:x}  {name}\n"))
    };
    let text =
        archives.filter(|(name, _)| name.starts_with(&title("")) && name.ends_with(ENDING)).map(line).collect::<Outcome<String>>()?;
    let path = files.join(SUMS);
    std::fs::write(&path, &text).map_err(at(&path))?;
    Ok(text)
}

/// Reads the checksums.
pub fn read_sums(files: &Path) -> Outcome<Vec<Sum>> {
    let path = files.join(SUMS);
    let text = std::fs::read_to_string(&path).map_err(at(&path))?;
    let sum = |line: &str| line.split_once("  ").map(|(sha256, name)| Sum { sha256: sha256.to_owned(), name: name.to_owned() });
    Ok(text.lines().filter_map(sum).collect())
}

/// The archive of a platform among those with a checksum.
pub fn of<'a>(triple: &str, sums: &'a [Sum]) -> Outcome<&'a Sum> {
    let name = format!("{}{ENDING}", title(triple));
    sums.iter().find(|sum| sum.name == name).ok_or_else(|| Failure(format!("{SUMS} has no {name}")))
}
