package main

import (
	"bytes"
	"go/ast"
	"go/constant"
	"go/printer"
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

// text is one thing that an expression can stand for: words with Go's verbs, and `{…}` for what is not known from the source.
type text struct {
	form  string
	fixed bool     // some of it is words of the source
	block ast.Node // where a variable became this, if it did
}

// frame is a function while one of its calls is followed: what its parameters are.
type frame struct {
	of    *function
	bound map[types.Object]bound
}

type bound struct {
	expr ast.Expr
	in   *frame
}

// How far variables, calls and sums are followed, and how many texts one expression may have.
const (
	deepest = 9
	most    = 12
)

// formats are functions whose first text is a format or a message, and the rest fill it.
var formats = map[string]bool{"Sprintf": true, "Errorf": true, "New": true, "Sprint": true, "Wrapf": true, "Wrap": true}

// texts are what an expression can stand for.
func (x *index) texts(e ast.Expr, in *frame, depth int) []text {
	hole := []text{{form: "{" + shown(x.world.fset, e) + "}"}}
	info := in.of.in.info
	if known, ok := info.Types[e]; ok && known.Value != nil && known.Value.Kind() == constant.String {
		return []text{{form: constant.StringVal(known.Value), fixed: constant.StringVal(known.Value) != ""}}
	}
	if depth > deepest {
		return hole
	}
	var all []text
	switch e := e.(type) {
	case *ast.ParenExpr:
		return x.texts(e.X, in, depth)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return x.texts(e.X, in, depth+1)
		}
	case *ast.StarExpr:
		return x.texts(e.X, in, depth+1)
	case *ast.Ident:
		all = x.variable(info.ObjectOf(e), in, depth)
	case *ast.SelectorExpr:
		if _, isPackage := info.Uses[rootName(e.X)].(*types.PkgName); isPackage {
			all = x.variable(info.Uses[e.Sel], in, depth)
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			for _, left := range x.texts(e.X, in, depth+1) {
				for _, right := range x.texts(e.Y, in, depth+1) {
					all = append(all, text{left.form + right.form, left.fixed || right.fixed, or(left.block, right.block)})
				}
			}
		}
	case *ast.CallExpr:
		all = x.called(e, 0, in, depth)
	}
	return some(all, hole)
}

// some leaves out what has no words of its own, and falls back on a slot.
func some(all, hole []text) []text {
	var kept []text
	seen := map[string]bool{}
	for _, t := range all {
		if t.fixed && !seen[t.form] && len(kept) < most {
			seen[t.form] = true
			kept = append(kept, t)
		}
	}
	if len(kept) == 0 {
		return hole
	}
	return kept
}

func or(a, b ast.Node) ast.Node {
	if a != nil {
		return a
	}
	return b
}

func rootName(e ast.Expr) *ast.Ident {
	name, _ := e.(*ast.Ident)
	return name
}

// variable is what a variable can be: a bound parameter, or all that it is ever set to.
func (x *index) variable(object types.Object, in *frame, depth int) (all []text) {
	if known, ok := object.(*types.Const); ok && known.Val().Kind() == constant.String {
		return []text{{form: constant.StringVal(known.Val()), fixed: true}}
	}
	if object == nil {
		return nil
	}
	if b, ok := in.bound[object]; ok {
		return x.texts(b.expr, b.in, depth+1)
	}
	for _, g := range x.given[object] {
		there := in
		if g.from != in.of {
			there = &frame{of: g.from}
		}
		var found []text
		if call, ok := g.expr.(*ast.CallExpr); ok {
			found = x.called(call, g.result, there, depth+1)
		}
		if found == nil && g.result == 0 {
			found = x.texts(g.expr, there, depth+1)
		}
		for _, t := range found {
			t.block = or(g.block, t.block)
			all = append(all, t)
		}
	}
	return all
}

var bare = regexp.MustCompile(`^%[svqw]$`)

// called is what a call gives as one of its results.
func (x *index) called(call *ast.CallExpr, result int, in *frame, depth int) (all []text) {
	info := in.of.in.info
	name := calleeName(call)
	if kind, ok := info.Types[call.Fun]; ok && kind.IsType() && len(call.Args) == 1 { // a conversion
		return x.texts(call.Args[0], in, depth+1)
	}
	if f := x.functions[in.of.in.callee(call)]; f != nil {
		return x.results(f, call, result, in, depth)
	}
	switch {
	case result > 0:
		return nil
	case formats[name] && len(call.Args) > 0:
		return x.formatted(call.Args, in, depth)
	case (name == "Error" || name == "String") && len(call.Args) == 0:
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			return x.texts(sel.X, in, depth+1)
		}
	case name == "string" || name == "To" || name == "ptr" || name == "TrimSpace" || name == "ToLower":
		if len(call.Args) == 1 {
			return x.texts(call.Args[0], in, depth+1)
		}
	}
	if len(call.Args) == 1 && name != "" && ast.IsExported(name) { // a conversion to a type of a module that was not fetched
		if only := call.Args[0]; info.Types[only].Value != nil {
			return x.texts(only, in, depth+1)
		}
	}
	return nil
}

// results is what the returns of a function give, its parameters being what the call has.
func (x *index) results(f *function, call *ast.CallExpr, result int, in *frame, depth int) (all []text) {
	if depth > 4 {
		return nil
	}
	inner := x.bind(f, call, in)
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if result < len(n.Results) && (len(n.Results) > 1 || result == 0) && len(all) < most {
				if found := x.texts(n.Results[result], inner, depth+2); found[0].fixed {
					all = append(all, found...)
				}
			}
		}
		return true
	})
	return all
}

// bind gives the parameters of a function what a call has for them.
func (x *index) bind(f *function, call *ast.CallExpr, in *frame) *frame {
	inner := &frame{of: f, bound: map[types.Object]bound{}}
	for i, param := range f.params {
		if i < len(call.Args) && param != nil {
			inner.bound[param] = bound{call.Args[i], in}
		}
	}
	return inner
}

// formatted is a format into which words of the source are filled; the other verbs stay.
func (x *index) formatted(args []ast.Expr, in *frame, depth int) (all []text) {
	at := 0
	for at < len(args)-1 && !isText(in.of.in, args[at]) { // Wrapf(err, "…")
		at++
	}
	for _, format := range x.texts(args[at], in, depth+1) {
		if bare.MatchString(format.form) && len(args) == at+2 {
			all = append(all, x.texts(args[at+1], in, depth+1)...)
			continue
		}
		if format.fixed && !bare.MatchString(format.form) {
			format.form = x.fill(format.form, args[at+1:], in, depth+1)
			all = append(all, format)
		}
	}
	return all
}

// isText is whether an expression is a string.
func isText(u *unit, e ast.Expr) bool {
	if t := u.info.TypeOf(e); t != nil {
		if basic, ok := t.Underlying().(*types.Basic); ok {
			return basic.Info()&types.IsString != 0
		}
	}
	return false
}

// mayBeText is whether an expression is a string, or of a type that is not known, as all that comes of a module that was not fetched.
func mayBeText(u *unit, e ast.Expr) bool {
	t := u.info.TypeOf(e)
	return t == nil || t == types.Typ[types.Invalid] || isText(u, e)
}

var verb = regexp.MustCompile(`%[-+# 0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z%]`)

// fill writes words of the source where a verb stands for them alone.
func (x *index) fill(format string, args []ast.Expr, in *frame, depth int) string {
	i := 0
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		if v == "%%" {
			return v
		}
		i++
		if i > len(args) || v != "%s" && v != "%v" {
			return v
		}
		if known := x.texts(args[i-1], in, depth); len(known) == 1 && known[0].fixed {
			return known[0].form
		}
		return v
	})
}

// shown is an expression as the source has it, on one line and cut.
func shown(fset *token.FileSet, n ast.Node) string {
	var out bytes.Buffer
	if n == nil || printer.Fprint(&out, fset, n) != nil {
		return "?"
	}
	line := strings.Join(strings.Fields(out.String()), " ")
	if len(line) > 60 {
		line = line[:57] + "..."
	}
	return line
}
