package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// saying is something that a program can say, and the place where it does.
type saying struct {
	component, module, file, function string
	line                              int
	how                               how
	kind                              string // Normal, Warning, or the type of a condition
	object                            string // the type of what it hangs on
	reason, form                      string // - where there is none
}

// how is the form in which something is said.
type how string

const (
	event  how = "event"
	field  how = "field"  // Reason and Message of a condition, a container's state, a pod's status, an admission's answer
	status how = "status" // what the scheduler says of one node
	failed how = "error"  // a text that other sayings end in
	word   how = "word"   // a constant that is made to be a reason or a message
)

// parts are the expressions that make a saying.
type parts struct {
	at                 ast.Node
	how                how
	kind, reason, text ast.Expr
	fill               []ast.Expr // what fills the verbs of text
	object             string
}

// list finds all that the sources can say, in order and each once. A constant that is said somewhere is no place of its own.
func (x *index) list() []saying {
	found := map[saying]saying{}
	for _, at := range x.world.paths() {
		u := x.world.units[at]
		if u.from == nil {
			continue
		}
		for _, file := range u.files {
			for _, decl := range file.Decls {
				f := x.functionOf(u, decl)
				if f.decl == nil {
					x.words(f, decl, found)
				}
				ast.Inspect(decl, func(n ast.Node) bool {
					for _, p := range x.partsOf(f, n) {
						x.say(p, &frame{of: f}, found)
					}
					return true
				})
			}
		}
	}
	said := map[string]bool{}
	for _, s := range found {
		if s.how != word {
			said[s.reason], said[s.form] = true, true
		}
	}
	var all []saying
	for _, s := range found {
		if s.how != word || s.form == "-" && !said[s.reason] || s.reason == "-" && !said[s.form] {
			all = append(all, s)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].before(all[j]) })
	return all
}

func (s saying) before(other saying) bool {
	a, b := s.order(), other.order()
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return s.line < other.line
}

func (s saying) order() []string {
	return []string{s.component, s.module, s.file, s.function, string(s.how), s.reason, s.form, s.kind, s.object}
}

// say enters what the parts can stand for; where a parameter stands for something, what the callers give for it.
func (x *index) say(p parts, in *frame, found map[saying]saying) {
	if in.bound == nil && in.of.decl != nil && p.how != failed && x.usesParams(p, in.of) {
		followed, apart := 0, 0
		for _, s := range x.sites[in.of.in.info.Defs[in.of.decl.Name]] {
			if s.from == in.of || len(x.partsOf(s.from, s.call)) > 0 {
				apart++ // the call is a saying by itself
				continue
			}
			followed++
			q := p
			q.at = s.call
			x.enterTexts(q, x.bind(in.of, s.call, &frame{of: s.from}), s.from, found)
		}
		if followed > 0 && apart == 0 {
			return
		}
	}
	x.enterTexts(p, in, in.of, found)
}

// usesParams is whether type, reason or text is a parameter of the function.
func (x *index) usesParams(p parts, f *function) bool {
	uses := false
	of := []ast.Expr{p.kind, p.reason, p.text}
	if len(p.fill) == 1 { // "%s", message
		of = append(of, p.fill[0])
	}
	for _, e := range of {
		if e == nil {
			continue
		}
		ast.Inspect(e, func(n ast.Node) bool {
			if name, ok := n.(*ast.Ident); ok {
				for _, param := range f.params {
					uses = uses || param != nil && f.in.info.Uses[name] == param
				}
			}
			return true
		})
	}
	return uses
}

// enterTexts pairs reasons with texts: those of the same block, where both have several.
func (x *index) enterTexts(p parts, in *frame, at *function, found map[saying]saying) {
	none := []text{{form: "-"}}
	reasons, messages, kind := none, none, "-"
	if p.reason != nil {
		reasons = x.texts(p.reason, in, 0)
	}
	if p.text != nil {
		messages = x.messages(p, in)
	}
	if p.kind != nil {
		kind = x.kindOf(p.kind, in)
	}
	for _, reason := range reasons {
		for _, message := range messages {
			if !reason.fixed && !message.fixed || len(reasons) > 1 && len(messages) > 1 && apart(reason, message, reasons, messages) {
				continue
			}
			x.keep(at, p, kind, reason.form, message.form, found)
		}
	}
}

// messages are the texts, filled in as far as the source has the words.
func (x *index) messages(p parts, in *frame) []text {
	all := x.texts(p.text, in, 0)
	if len(all) == 1 && bare.MatchString(all[0].form) && len(p.fill) == 1 {
		return x.texts(p.fill[0], in, 1)
	}
	for i := range all {
		all[i].form = x.fill(all[i].form, p.fill, in, 2)
	}
	return all
}

// apart is whether a reason and a text are set in different blocks, while one of them has a partner in its own.
func apart(reason, message text, reasons, messages []text) bool {
	if reason.block == nil || message.block == nil || reason.block == message.block {
		return false
	}
	for _, other := range messages {
		if other.block == reason.block {
			return true
		}
	}
	for _, other := range reasons {
		if other.block == message.block {
			return true
		}
	}
	return false
}

func (x *index) keep(at *function, p parts, kind, reason, form string, found map[saying]saying) {
	u := at.in
	place := x.world.fset.Position(p.at.Pos())
	rel, _ := filepath.Rel(u.root.dir, place.Filename)
	name := "-"
	if at.decl != nil {
		name = at.decl.Name.Name
	}
	s := saying{u.component(), u.root.module + "@" + u.root.version, filepath.ToSlash(rel), name, 0, p.how, kind, p.object, reason, form}
	if s.reason == "" {
		s.reason = "-"
	}
	if s.form == "" {
		s.form = "-"
	}
	key := s
	s.line = place.Line
	if old, has := found[key]; !has || s.line < old.line {
		found[key] = s
	}
}

// kindOf is Normal or Warning, or the type of a condition.
func (x *index) kindOf(e ast.Expr, in *frame) string {
	if known := x.texts(e, in, 0); known[0].fixed {
		return known[0].form
	}
	switch name := shown(x.world.fset, e); {
	case strings.HasSuffix(name, "EventTypeNormal"):
		return "Normal"
	case strings.HasSuffix(name, "EventTypeWarning"):
		return "Warning"
	}
	return "-"
}

var made = regexp.MustCompile(`(?i)reason|^Err[A-Z]|Fmt$|Msg|Message|Fatal$|Warning$|^Event[A-Z]|Failed`)

// words lists constants and variables that are made to be said, such as the reasons of the kubelet's Events.
func (x *index) words(f *function, decl ast.Decl, found map[saying]saying) {
	gen, ok := decl.(*ast.GenDecl)
	if !ok || gen.Tok != token.CONST && gen.Tok != token.VAR {
		return
	}
	for _, spec := range gen.Specs {
		names := spec.(*ast.ValueSpec)
		for i, name := range names.Names {
			if i >= len(names.Values) || f.makesError(names.Values[i]) || !made.MatchString(name.Name) && f.in.types.Name() != "events" {
				continue
			}
			if texts := x.texts(names.Values[i], &frame{of: f}, 0); texts[0].fixed {
				p := parts{at: name, how: word, object: name.Name}
				if strings.Contains(texts[0].form, " ") {
					x.keep(f, p, "-", "-", texts[0].form, found)
				} else {
					x.keep(f, p, "-", texts[0].form, "-", found)
				}
			}
		}
	}
}

// makesError is whether a value is an error, which is listed as such.
func (f *function) makesError(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	return ok && f.in.from.read == readErrors && errorMakers.MatchString(calleeName(call))
}

// typeName is the last word of an expression's type.
func typeName(u *unit, e ast.Expr) string {
	t := u.info.TypeOf(e)
	if t == nil || t == types.Typ[types.Invalid] {
		return "-"
	}
	name := strings.TrimLeft(types.TypeString(t, func(*types.Package) string { return "" }), "*[]")
	if name == "" || strings.ContainsAny(name, " {") || strings.Contains(name, "invalid") {
		return "-"
	}
	return name
}

// place is the file and line.
func (s saying) place() string { return fmt.Sprintf("%s:%d", s.file, s.line) }
