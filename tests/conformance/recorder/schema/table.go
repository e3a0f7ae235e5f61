package main

import (
	"bufio"
	"fmt"
	"os"
	"path"
	"sort"
	"strings"
)

// A line is a struct of the table: its key, which no other struct has, and the fields that it names now.
type line struct {
	key, pkg, name string
	// As the table has it; nothing of a new one.
	text   string
	fields []string
	// Fields that the table keeps as anything, and does not look into.
	raw map[string]bool
	// What the table says of each field, by its name.
	said map[string]string
	of   *goStruct
}

// readTable reads the lines of schema.txt.
func readTable(file string) ([]*line, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	var lines []*line
	scanner := bufio.NewScanner(opened)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		parts := strings.Split(scanner.Text(), "|")
		head := strings.Fields(parts[0])
		one := &line{key: head[0], pkg: "v1", name: head[0], text: scanner.Text(), raw: map[string]bool{}, said: map[string]string{}}
		if len(head) > 1 {
			one.pkg = head[1]
		}
		if len(head) > 2 {
			one.name = head[2]
		}
		for _, part := range parts[1:] {
			if strings.ContainsAny(part[:1], "!+-") {
				continue
			}
			name, rest, _ := strings.Cut(strings.Fields(part)[0], ":")
			one.fields = append(one.fields, name)
			one.raw[name] = strings.TrimLeft(rest, "*%") == "r"
			one.said[name] = part
		}
		lines = append(lines, one)
	}
	return lines, scanner.Err()
}

// A table is the lines, and which of them each struct of the sources is.
type table struct {
	sources *sources
	lines   []*line
	keys    map[typeID]string
	// The release's number after `1.`.
	minor   int
	trouble []string
}

func (t *table) complain(format string, of ...any) {
	t.trouble = append(t.trouble, fmt.Sprintf(format, of...))
}

// match finds the struct of each line: of several of that name, the one whose fields differ least from those that the line names. One of
// an alpha or beta version may have become stable.
func (t *table) match() {
	for _, one := range t.lines {
		t.find(one, func(pkg string) bool { return pkg == one.pkg })
		if one.of == nil && one.pkg != "v1" {
			t.find(one, func(pkg string) bool { return pkg == "v1" })
		}
		if one.of != nil {
			one.pkg = path.Base(one.of.id.pkg)
			t.keys[one.of.id] = one.key
		} else if one.key != anyKind {
			t.complain("%s: no struct of that name in package %s", one.key, one.pkg)
		}
	}
}

// The line of kinds without a struct of their own.
const anyKind = "CustomResource"

func (t *table) find(one *line, in func(pkg string) bool) {
	least := -1
	for _, id := range t.sources.order {
		if id.name != one.name || !in(path.Base(id.pkg)) {
			continue
		}
		if apart := t.apart(one, t.sources.structs[id]); least < 0 || apart < least {
			one.of, least = t.sources.structs[id], apart
		}
	}
}

// apart counts the fields that only one of the two has, and those that only one of the two requires.
func (t *table) apart(one *line, of *goStruct) int {
	count := len(one.fields)
	for _, field := range t.flat(of) {
		said, found := one.said[field.json]
		switch {
		case !found:
			count++
		case strings.Contains(strings.Join(strings.Fields(said)[1:], " ")+" ", "ro ") == field.omitsEmpty:
		default:
			count--
		}
	}
	return count
}

// flat gives a struct's fields, those of embedded structs among them.
func (t *table) flat(of *goStruct) []goField {
	var out []goField
	for _, field := range of.fields {
		if inner := t.sources.structs[field.typ.inner]; field.isInline && inner != nil {
			out = append(out, t.flat(inner)...)
		} else if field.json != "" {
			out = append(out, field)
		}
	}
	return out
}

// reach adds a line for each struct that a line leads to and that has none: those of fields that a newer release brought.
func (t *table) reach() {
	for _, one := range t.lines {
		if one.of != nil {
			t.reachFrom(one.of, one.raw)
		}
	}
	sort.Slice(t.lines, func(a, b int) bool { return t.lines[a].key < t.lines[b].key })
}

func (t *table) reachFrom(of *goStruct, raw map[string]bool) {
	for _, field := range t.flat(of) {
		id := t.resolve(field.typ).inner
		inner := t.sources.structs[id]
		_, isLetter := letters[id]
		_, hasOther := alternatives[id]
		if inner == nil || isLetter || hasOther || raw[field.json] || t.keys[id] != "" {
			continue
		}
		// The key comes first: a struct may lead to itself.
		t.keys[id] = t.free(id)
		t.reachFrom(inner, nil)
		if twin := t.twin(inner); twin != "" {
			t.keys[id] = twin
			continue
		}
		t.lines = append(t.lines, &line{key: t.keys[id], pkg: path.Base(id.pkg), name: id.name, of: inner})
	}
}

// twin gives the key of a line that says the same as a struct of that name: Go declares some in several packages.
func (t *table) twin(of *goStruct) string {
	for _, one := range t.lines {
		if one.of != nil && one.name == of.id.name && one.pkg == path.Base(of.id.pkg) {
			same := *one
			same.of = of
			if t.print(&same) == t.print(one) {
				return one.key
			}
		}
	}
	return ""
}

// free gives a key that no other struct has: the name, or the name after that of its group.
func (t *table) free(id typeID) string {
	for _, one := range t.lines {
		if one.key == id.name {
			group := path.Base(path.Dir(id.pkg))
			return strings.ToUpper(group[:1]) + group[1:] + id.name
		}
	}
	return id.name
}

// resolve looks through names of types that are no structs.
func (t *table) resolve(of goType) goType {
	for {
		under, found := t.sources.named[of.inner]
		if _, special := letters[of.inner]; special || !found {
			return of
		}
		of = goType{
			pointer: of.pointer || under.pointer,
			list:    of.list || under.list,
			dict:    of.dict || under.dict,
			inner:   under.inner,
		}
	}
}

const meta = "k8s.io/apimachinery/pkg/apis/meta/v1"
const definitions = apiextensions + "/pkg/apis/apiextensions/v1"

// Structs that hold anything.
var (
	rawExtension = typeID{"k8s.io/apimachinery/pkg/runtime", "RawExtension"}
	anyJSON      = typeID{definitions, "JSON"}
)

// The letters of types that are written as something else than their Go struct.
var letters = map[typeID]string{
	{"", "string"}:      "s",
	{"", "bool"}:        "b",
	{"", "int"}:         "i",
	{"", "int32"}:       "i",
	{"", "uint32"}:      "i",
	{"", "int64"}:       "l",
	{"", "float64"}:     "d",
	{"", "[]byte"}:      "y",
	{"", "any"}:         "r",
	{meta, "Time"}:      "t",
	{meta, "MicroTime"}: "u",
	{meta, "FieldsV1"}:  "r",
	{"k8s.io/apimachinery/pkg/api/resource", "Quantity"}:   "q",
	{"k8s.io/apimachinery/pkg/util/intstr", "IntOrString"}: "n",
	rawExtension: "r",
	anyJSON:      "r",
}

// Structs whose own unmarshaller takes something besides: what is inside, and the mark.
var alternatives = map[typeID][2]string{
	{definitions, "JSONSchemaPropsOrArray"}:       {"JSONSchemaProps", "A"},
	{definitions, "JSONSchemaPropsOrBool"}:        {"JSONSchemaProps", "B"},
	{definitions, "JSONSchemaPropsOrStringArray"}: {"JSONSchemaProps", "S"},
}

// print writes a line as schema.txt has it.
func (t *table) print(one *line) string {
	head := one.key
	if one.pkg != "v1" || one.name != one.key {
		head += " " + one.pkg
	}
	if one.name != one.key {
		head += " " + one.name
	}
	parts := []string{head}
	if how, _ := one.of.tags.value("structType"); how == "atomic" {
		parts = append(parts, "!")
	}
	for _, field := range one.of.fields {
		parts = append(parts, t.printField(one, field, "")...)
	}
	return strings.Join(t.keepGone(one, parts), "|")
}

// keepGone puts fields back that the table has and the release has not: another release has them.
func (t *table) keepGone(one *line, parts []string) []string {
	there := map[string]bool{}
	for _, field := range t.flat(one.of) {
		there[field.json] = true
	}
	for i, name := range one.fields {
		if there[name] {
			continue
		}
		text := one.said[name]
		if !strings.Contains(text, " <") {
			t.complain("%s: %s is gone", one.key, name)
			text += fmt.Sprintf(" <%d", t.minor-1)
		}
		at := len(parts)
		for j, part := range parts {
			if i > 0 && strings.FieldsFunc(part, func(r rune) bool { return r == ' ' || r == ':' })[0] == one.fields[i-1] {
				at = j + 1
			}
		}
		parts = append(parts[:at], append([]string{text}, parts[at:]...)...)
	}
	return parts
}

// printField gives the parts of a field: several of an embedded struct, which is named by the way to it.
func (t *table) printField(one *line, field goField, within string) []string {
	if inner := t.sources.structs[field.typ.inner]; field.isInline && inner != nil {
		parts := []string{"+" + within + inner.id.name}
		for _, inside := range inner.fields {
			parts = append(parts, t.printField(one, inside, within+inner.id.name+".")...)
		}
		if parts[len(parts)-1] == "-" {
			return parts
		}
		return append(parts, "-")
	}
	if field.json == "" || field.json == "-" {
		return nil
	}
	text := field.json
	typ, marks, goName := t.shape(one, field)
	if typ != "s" {
		text += ":" + typ
	}
	if marks = t.marks(field, marks); marks != "" {
		text += " " + marks
	}
	if field.mergeKey != "" {
		text += " @" + field.mergeKey
	}
	if keys := strings.Join(field.tags.all("listMapKey"), "+"); keys != "" && keys != field.mergeKey {
		text += " #" + keys
	}
	if goName != "" {
		text += " =" + goName
	}
	if field.goName != strings.ToUpper(field.json[:1])+field.json[1:] {
		text += " ^" + field.goName
	}
	return []string{text + t.since(one, field)}
}

// since gives the releases that have a field, as the table says; a field that the table does not have came with this release.
func (t *table) since(one *line, field goField) string {
	said, found := one.said[field.json]
	if !found && len(one.fields) > 0 {
		return fmt.Sprintf(" >%d", t.minor)
	}
	words := ""
	for _, word := range strings.Fields(said) {
		if strings.ContainsAny(word[:1], "><") {
			words += " " + word
		}
	}
	return words
}

// shape gives the type as the table spells it, the marks that follow from the type, and the name of a Go type that is not plain.
func (t *table) shape(one *line, field goField) (typ, marks, goName string) {
	whole := t.resolve(field.typ)
	letter, isLetter := letters[whole.inner]
	key, isStruct := t.keys[whole.inner]
	alternative, hasOther := alternatives[whole.inner]
	switch {
	case one.raw[field.json] || !isLetter && !isStruct && !hasOther || whole.list && whole.dict:
		letter = "r"
	case hasOther:
		letter, marks = alternative[0], alternative[1]
	case isStruct:
		letter = key
	}
	isPlain := !whole.list && !whole.dict
	switch {
	case whole.dict:
		letter = "%" + letter
	case whole.list:
		letter = "*" + letter
	}
	isStructure := isStruct || strings.Contains("tuqn", letter) || whole.inner == rawExtension
	switch {
	case !isPlain || hasOther || letter == "r" && whole.inner != rawExtension && whole.inner != anyJSON:
	case isStructure && !whole.pointer && !field.omitsZero:
		marks += "z"
	case !isStructure && whole.pointer && letter != "y":
		marks += "p"
	}
	return letter, marks, t.goName(field.typ)
}

// goName gives the name of a Go type where it is not the plain one.
func (t *table) goName(of goType) string {
	_, isNamed := t.sources.named[of.inner]
	if _, special := letters[of.inner]; special || !isNamed {
		return ""
	}
	name := of.inner.name
	if base := path.Base(of.inner.pkg); base != "v1" {
		name = base + "." + name
	}
	switch {
	case of.list:
		return "[]" + name
	case of.dict:
		return "map[" + of.key + "]" + name
	}
	return name
}

// marks adds to a field's marks those that its tags say, in the order of the table.
func (t *table) marks(field goField, from string) string {
	has := map[rune]bool{}
	for _, mark := range from {
		has[mark] = true
	}
	_, isOptional := field.tags.value("optional")
	has['r'] = field.tags.has("required") || !isOptional && !field.omitsEmpty
	has['o'] = !field.omitsEmpty
	has['x'] = field.tags.has(deprecated)
	for _, strategy := range field.strategy {
		has['m'] = has['m'] || strategy == "merge"
		has['w'] = has['w'] || strategy == "replace"
		has['k'] = has['k'] || strategy == "retainKeys"
	}
	listType, _ := field.tags.value("listType")
	mapType, _ := field.tags.value("mapType")
	structType, _ := field.tags.value("structType")
	isMerged := has['m'] || len(field.tags.all("listMapKey")) > 0
	has['u'] = listType == "set"
	has['a'] = mapType == "atomic" || structType == "atomic" || listType == "atomic" && isMerged
	has['g'] = structType == "granular"
	out := ""
	for _, mark := range "rozpxkmwuagfABS" {
		if has[mark] {
			out += string(mark)
		}
	}
	return out
}
