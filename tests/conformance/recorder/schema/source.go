package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// The modules whose types objects consist of, published as v0.MINOR.PATCH, and the paths by which this program knows their packages.
// From 1.38 on the types of definitions are a module of their own.
var modules = [][2]string{
	{"k8s.io/api", "k8s.io/api"},
	{"k8s.io/apimachinery", "k8s.io/apimachinery"},
	{"k8s.io/apiextensions-apiserver", apiextensions},
	{"k8s.io/apiextensions-api", apiextensions},
	{"k8s.io/kube-aggregator", "k8s.io/kube-aggregator"},
}

const apiextensions = "k8s.io/apiextensions-apiserver"

// A typeID is a named type of a package: `k8s.io/api/core/v1` and `PodSpec`.
type typeID struct{ pkg, name string }

// A goStruct is a struct as its source declares it.
type goStruct struct {
	id     typeID
	tags   tags
	fields []goField
}

// A goField is a field of a struct. An embedded one has no JSON name.
type goField struct {
	goName     string
	json       string
	omitsEmpty bool
	omitsZero  bool
	isInline   bool
	strategy   []string
	mergeKey   string
	typ        goType
	tags       tags
}

// A goType is a type of a field: how it is wrapped, and what is inside.
type goType struct {
	pointer, list, dict bool
	inner               typeID
	// The name of the type of a map's keys.
	key string
}

// The tags are the `+name=value` lines of a comment, in their order.
type tags []string

// value gives the value of a tag, and whether the tag is there.
func (t tags) value(name string) (string, bool) {
	for _, tag := range t {
		head, value, _ := strings.Cut(tag, "=")
		if head == name {
			return value, true
		}
	}
	return "", false
}

func (t tags) has(name string) bool {
	_, found := t.value(name)
	return found
}

// all gives the values of a tag that may stand more than once.
func (t tags) all(name string) []string {
	var values []string
	for _, tag := range t {
		if head, value, _ := strings.Cut(tag, "="); head == name {
			values = append(values, value)
		}
	}
	return values
}

// Sources are all structs and all other named types of the modules.
type sources struct {
	structs map[typeID]*goStruct
	named   map[typeID]goType
	order   []typeID
}

// download brings a module into the cache of Go's command and gives its folder. Nothing of the module is run.
func download(module, version string) (string, error) {
	command := exec.Command("go", "mod", "download", "-json", module+"@"+version)
	command.Env = append(os.Environ(), "GONOSUMDB=*", "GOFLAGS=-mod=mod")
	command.Dir = os.TempDir()
	// A release that wants a newer Go is downloaded all the same; the command fails afterwards.
	out, err := command.Output()
	for line := range strings.SplitSeq(string(out), "\n") {
		if _, folder, found := strings.Cut(line, `"Dir": "`); found {
			return strings.TrimSuffix(strings.TrimSuffix(folder, ","), `"`), nil
		}
	}
	cache, _ := exec.Command("go", "env", "GOMODCACHE").Output()
	folder := filepath.Join(strings.TrimSpace(string(cache)), module+"@"+version)
	if _, missing := os.Stat(folder); missing == nil {
		return folder, nil
	}
	return "", fmt.Errorf("%s %s: %v", module, version, err)
}

// readSources parses the types of a release: `1.37.1`.
func readSources(release string) (*sources, error) {
	_, rest, _ := strings.Cut(release, ".")
	out := &sources{structs: map[typeID]*goStruct{}, named: map[typeID]goType{}}
	for _, module := range modules {
		folder, err := download(module[0], "v0."+rest)
		if module[0] != module[1] && err != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		err = filepath.WalkDir(folder, func(name string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !holdsTypes(name) {
				return err
			}
			inside, _ := filepath.Rel(folder, filepath.Dir(name))
			return out.readFile(name, path.Join(module[1], filepath.ToSlash(inside)))
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// holdsTypes tells whether a file declares types of the wire, and no test or generated code.
func holdsTypes(name string) bool {
	base := filepath.Base(name)
	return strings.HasSuffix(base, ".go") && !strings.HasSuffix(base, "_test.go") && !strings.HasPrefix(base, "zz_") &&
		!strings.HasPrefix(base, "generated") && !strings.Contains(name, "/testdata/")
}

func (s *sources) readFile(name, pkg string) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	if err != nil {
		return err
	}
	imports := map[string]string{}
	for _, one := range file.Imports {
		full, _ := strconv.Unquote(one.Path.Value)
		alias := path.Base(full)
		if one.Name != nil {
			alias = one.Name.Name
		}
		imports[alias] = full
	}
	for _, declared := range file.Decls {
		general, is := declared.(*ast.GenDecl)
		if !is || general.Tok != token.TYPE {
			continue
		}
		for _, spec := range general.Specs {
			declaration := spec.(*ast.TypeSpec)
			if declaration.Assign.IsValid() {
				continue
			}
			doc := declaration.Doc
			if doc == nil {
				doc = general.Doc
			}
			s.add(typeID{pkg, declaration.Name.Name}, declaration.Type, above(file, general, doc), imports)
		}
	}
	return nil
}

// above gives the tags of a declaration: those of its doc, and those of the comment before the doc.
func above(file *ast.File, of *ast.GenDecl, doc *ast.CommentGroup) tags {
	found := tagsOf(doc)
	var before *ast.CommentGroup
	for _, group := range file.Comments {
		if doc != nil && group.End() < doc.Pos() || doc == nil && group.End() < of.Pos() {
			before = group
		}
	}
	for _, earlier := range file.Decls {
		if before != nil && earlier.Pos() < of.Pos() && earlier.End() > before.Pos() {
			before = nil
		}
	}
	return append(tagsOf(before), found...)
}

func tagsOf(doc *ast.CommentGroup) tags {
	var found tags
	if doc == nil {
		return found
	}
	for _, comment := range doc.List {
		for line := range strings.SplitSeq(comment.Text, "\n") {
			text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "//"))
			if strings.HasPrefix(text, "+") {
				found = append(found, text[1:])
			}
			if saysDeprecated.MatchString(text) {
				found = append(found, deprecated)
			}
		}
	}
	return found
}

// The tag that stands for a sentence which says that the field is deprecated.
const deprecated = "Deprecated"

var saysDeprecated = regexp.MustCompile(`^(Deprecated|DEPRECATED)\b|\bDeprecated\.$|field is deprecated|now is deprecated|considered as deprecated`)

func (s *sources) add(id typeID, expression ast.Expr, own tags, imports map[string]string) {
	body, is := expression.(*ast.StructType)
	if !is {
		s.named[id] = typeOf(expression, id.pkg, imports)
		return
	}
	made := &goStruct{id: id, tags: own}
	for _, field := range body.Fields.List {
		made.fields = append(made.fields, fieldsOf(field, id.pkg, imports)...)
	}
	s.structs[id] = made
	s.order = append(s.order, id)
}

func fieldsOf(field *ast.Field, pkg string, imports map[string]string) []goField {
	one := goField{typ: typeOf(field.Type, pkg, imports), tags: tagsOf(field.Doc)}
	if field.Tag != nil {
		text, _ := strconv.Unquote(field.Tag.Value)
		tag := reflect.StructTag(text)
		name, options, _ := strings.Cut(tag.Get("json"), ",")
		one.json = name
		one.omitsEmpty = strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		one.omitsZero = strings.Contains(options, "omitzero")
		one.isInline = strings.Contains(options, "inline")
		if strategy := tag.Get("patchStrategy"); strategy != "" {
			one.strategy = strings.Split(strategy, ",")
		}
		one.mergeKey = tag.Get("patchMergeKey")
	}
	if len(field.Names) == 0 {
		one.goName = one.typ.inner.name
		one.isInline = one.json == ""
		return []goField{one}
	}
	var out []goField
	for _, name := range field.Names {
		if name.IsExported() && one.json != "-" {
			one.goName = name.Name
			out = append(out, one)
		}
	}
	return out
}

func typeOf(expression ast.Expr, pkg string, imports map[string]string) goType {
	switch at := expression.(type) {
	case *ast.StarExpr:
		inner := typeOf(at.X, pkg, imports)
		inner.pointer = true
		return inner
	case *ast.ArrayType:
		inner := typeOf(at.Elt, pkg, imports)
		if inner.inner.name == "byte" {
			return goType{inner: typeID{"", "[]byte"}}
		}
		return goType{list: true, inner: inner.inner}
	case *ast.MapType:
		return goType{dict: true, inner: typeOf(at.Value, pkg, imports).inner, key: typeOf(at.Key, pkg, imports).inner.name}
	case *ast.SelectorExpr:
		return goType{inner: typeID{imports[at.X.(*ast.Ident).Name], at.Sel.Name}}
	case *ast.Ident:
		if isPlain(at.Name) {
			return goType{inner: typeID{"", at.Name}}
		}
		return goType{inner: typeID{pkg, at.Name}}
	}
	return goType{inner: typeID{"", "any"}}
}

func isPlain(name string) bool {
	switch name {
	case "string", "bool", "int", "int32", "int64", "float64", "byte", "uint8", "uint32", "uint64", "any", "interface{}":
		return true
	}
	return false
}
