package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// source is one line of sources.tsv: a folder of a module, and what is read there.
type source struct {
	module, version, folder, component string
	read                               reading
}

// reading is how much of a source is of interest.
type reading string

const (
	readNames  reading = "names"
	readSays   reading = "says"
	readErrors reading = "errors"
)

// root is where a module lies on this machine.
type root struct{ module, version, dir string }

// unit is a package: its syntax, and its types as far as its imports are known.
type unit struct {
	path  string
	from  *source // nil for a package that is only imported
	root  *root
	files []*ast.File
	types *types.Package
	info  *types.Info
}

// world is all that was read.
type world struct {
	fset    *token.FileSet
	sources []source
	roots   []*root
	units   map[string]*unit
	missing []string // what could not be read
}

// left is what no cluster of today prints: tests, stand-ins, examples, generated code, and other systems than Linux.
var left = regexp.MustCompile(`(^|/)(testing|test|tests|testdata|testutils?|fakes?|mocks?|vendor|e2e|examples?|third_party|windows)(/|$)` +
	`|_test\.go$|zz_generated|\.pb\.go$|_windows\.go$|_unsupported\.go$|fake_[a-z_]*\.go$`)

// readSources reads the lines of sources.tsv for one release of Kubernetes.
func readSources(lines [][]string, release string) ([]source, error) {
	var all []source
	for _, cells := range lines {
		if len(cells) != 5 {
			return nil, fmt.Errorf("sources: five columns are wanted, not %q", cells)
		}
		version := cells[1]
		switch version {
		case "release":
			version = "v" + release
		case "staging":
			version = "v0" + strings.TrimPrefix(release, "1")
		}
		all = append(all, source{cells[0], version, cells[2], cells[3], reading(cells[4])})
	}
	return all, nil
}

// locate finds the modules: the go command has or gets them, except for snapshots.
func (w *world) locate(snapshots string) {
	wanted := map[string]bool{}
	for _, s := range w.sources {
		at, isSnapshot := strings.CutPrefix(s.version, "snapshot:")
		key := s.module + "@" + at
		if wanted[key] {
			continue
		}
		wanted[key] = true
		r := &root{s.module, at, filepath.Join(snapshots, key)}
		if !isSnapshot {
			dir, err := download(key)
			if err != nil {
				w.missing = append(w.missing, key+": "+err.Error())
				continue
			}
			r.dir = dir
		} else if _, err := os.Stat(r.dir); err != nil {
			w.missing = append(w.missing, key+": not in the folder of snapshots")
			continue
		}
		w.roots = append(w.roots, r)
	}
	sort.Slice(w.roots, func(i, j int) bool { return len(w.roots[i].module) > len(w.roots[j].module) })
}

// download asks the go command for a module, and returns its folder in the module cache.
func download(key string) (string, error) {
	get := exec.Command("go", "mod", "download", "-json", key)
	get.Dir = os.TempDir()
	get.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GONOSUMDB=*", "GOTOOLCHAIN=auto", "GOWORK=off")
	out, err := get.Output()
	var said struct{ Dir, Error string }
	if json.Unmarshal(out, &said) == nil && said.Dir != "" {
		return said.Dir, nil
	}
	if said.Error != "" {
		return "", fmt.Errorf("%s", said.Error)
	}
	return "", fmt.Errorf("go mod download: %v", err)
}

// load reads the packages of all sources, and then their types.
func (w *world) load() {
	for i := range w.sources {
		s := &w.sources[i]
		r := w.rootOf(s.module)
		if r == nil || s.read == readNames {
			continue
		}
		base := filepath.Join(r.dir, s.folder)
		err := filepath.WalkDir(base, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			rel, _ := filepath.Rel(r.dir, name)
			if left.MatchString(filepath.ToSlash(rel)) {
				return filepath.SkipDir
			}
			at := path.Join(r.module, filepath.ToSlash(rel))
			if u := w.units[at]; u == nil || u.from == nil || len(u.from.folder) < len(s.folder) {
				w.units[at] = &unit{path: at, from: s, root: r}
			}
			return nil
		})
		if err != nil {
			w.missing = append(w.missing, s.module+" "+s.folder+": no such folder in this version")
		}
	}
	for _, at := range w.paths() {
		w.parse(w.units[at])
	}
	for _, at := range w.paths() {
		w.check(w.units[at])
	}
}

// paths are the packages in order.
func (w *world) paths() []string {
	var all []string
	for at := range w.units {
		all = append(all, at)
	}
	sort.Strings(all)
	return all
}

func (w *world) rootOf(at string) *root {
	for _, r := range w.roots {
		if at == r.module || strings.HasPrefix(at, r.module+"/") {
			return r
		}
	}
	return nil
}

// parse reads the files of a package that are built on Linux.
func (w *world) parse(u *unit) {
	rel := strings.TrimPrefix(strings.TrimPrefix(u.path, u.root.module), "/")
	dir := filepath.Join(u.root.dir, filepath.FromSlash(rel))
	entries, _ := os.ReadDir(dir)
	linux := build.Default
	linux.GOOS, linux.GOARCH = "linux", "amd64"
	name := ""
	for _, entry := range entries {
		if entry.IsDir() || !strings.HasSuffix(entry.Name(), ".go") || left.MatchString(path.Join(rel, entry.Name())) {
			continue
		}
		if ok, err := linux.MatchFile(dir, entry.Name()); err == nil && !ok {
			continue
		}
		file, err := parser.ParseFile(w.fset, filepath.Join(dir, entry.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			w.missing = append(w.missing, u.path+": "+err.Error())
			continue
		}
		if name == "" {
			name = file.Name.Name
		}
		if file.Name.Name == name {
			u.files = append(u.files, file)
		}
	}
}

// check finds the types of a package; imports that were not fetched stay empty, and errors that come of them are not minded.
func (w *world) check(u *unit) {
	if u.types != nil || len(u.files) == 0 {
		return
	}
	u.types = types.NewPackage(u.path, u.files[0].Name.Name) // what a circle of imports sees
	u.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}
	config := types.Config{Importer: w, Error: func(error) {}, IgnoreFuncBodies: u.from == nil, FakeImportC: true}
	if got, _ := config.Check(u.path, w.fset, u.files, u.info); got != nil {
		u.types = got
	}
}

var major = regexp.MustCompile(`^v[0-9]+$`)

// Import gives the types of a package for one that imports it.
func (w *world) Import(at string) (*types.Package, error) {
	if u := w.units[at]; u != nil {
		w.check(u)
		if u.types != nil {
			return u.types, nil
		}
	}
	if r := w.rootOf(at); r != nil {
		u := &unit{path: at, root: r}
		w.units[at] = u
		w.parse(u)
		w.check(u)
		if u.types != nil {
			return u.types, nil
		}
	}
	name := path.Base(at)
	if major.MatchString(name) {
		name = path.Base(path.Dir(at))
	}
	name = strings.TrimPrefix(name, "go-")
	empty := types.NewPackage(at, strings.ReplaceAll(name, "-", ""))
	empty.MarkComplete()
	return empty, nil
}

// component is who says what a package says.
func (u *unit) component() string {
	name := u.from.component
	if !strings.Contains(name, "*") {
		return name
	}
	rest := strings.TrimPrefix(u.path, path.Join(u.from.module, u.from.folder))
	next, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	return strings.TrimRight(strings.Replace(name, "*", next, 1), "/-")
}

// table reads lines whose cells are apart by tabs; lines that begin with # and empty ones are none.
func table(name string) ([][]string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all [][]string
	for _, line := range strings.Split(string(text), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, strings.Split(line, "\t"))
		}
	}
	return all, nil
}
