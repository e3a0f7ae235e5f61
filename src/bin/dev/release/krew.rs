//! The manifest of krew, which installs plugins of kubectl.

use super::archive::{self, Sum};
use super::{PLATFORMS, PROGRAM, Platform, VERSION, file_name, title};
use crate::shell::Outcome;

/// The manifest, for archives that the releases of a repository have.
pub fn manifest(sums: &[Sum], repository: &str) -> Outcome<String> {
    let platforms: Outcome<String> = PLATFORMS.iter().map(|one| Ok(platform(one, archive::of(one.triple, sums)?, repository))).collect();
    Ok(format!(
        "\
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: {PROGRAM}
spec:
  version: v{VERSION}
  homepage: {repository}
  shortDescription: Find what a StatefulSet waits for
  description: |
    Says what the StatefulSets of a cluster wait for, and which cure works.
    Plans a change before you make it, and searches what can go wrong.
    Everything is tried on a simulated copy. The plugin only reads the
    cluster, and reads no Secret and no ConfigMap.
  platforms:
{}",
        platforms?
    ))
}

/// What krew downloads on a platform, and which program runs there.
fn platform(Platform { triple, os, arch }: &Platform, Sum { sha256, name }: &Sum, repository: &str) -> String {
    format!(
        "  - selector:
      matchLabels:
        os: {os}
        arch: {arch}
    uri: {repository}/releases/download/v{VERSION}/{name}
    sha256: {sha256}
    files:
    - from: {}/*
      to: .
    bin: {}
",
        title(triple),
        file_name(triple),
    )
}
