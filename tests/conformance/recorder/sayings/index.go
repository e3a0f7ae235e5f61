package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// function is a function that was read with its body.
type function struct {
	in     *unit
	decl   *ast.FuncDecl // nil for what stands outside of functions
	params []types.Object
}

// site is a call, and the function in which it stands.
type site struct {
	call *ast.CallExpr
	from *function
}

// given is what a variable became, where, and as which of several results.
type given struct {
	expr   ast.Expr
	result int
	block  ast.Node
	from   *function
}

// index is what can be looked up of the world.
type index struct {
	world     *world
	functions map[types.Object]*function
	sites     map[types.Object][]site
	given     map[types.Object][]given
}

func newIndex(w *world) *index {
	x := &index{w, map[types.Object]*function{}, map[types.Object][]site{}, map[types.Object][]given{}}
	for _, at := range w.paths() {
		u := w.units[at]
		for _, file := range u.files {
			for _, decl := range file.Decls {
				x.declare(u, decl)
			}
		}
	}
	for _, at := range w.paths() {
		u := w.units[at]
		for _, file := range u.files {
			for _, decl := range file.Decls {
				x.enter(x.functionOf(u, decl), decl)
			}
		}
	}
	return x
}

// declare enters a function with its parameters.
func (x *index) declare(u *unit, decl ast.Decl) {
	fn, ok := decl.(*ast.FuncDecl)
	if !ok || fn.Body == nil || u.from == nil || u.info.Defs[fn.Name] == nil {
		return
	}
	f := &function{in: u, decl: fn}
	for _, field := range fn.Type.Params.List {
		for _, name := range field.Names {
			f.params = append(f.params, u.info.Defs[name])
		}
		if len(field.Names) == 0 {
			f.params = append(f.params, nil)
		}
	}
	x.functions[u.info.Defs[fn.Name]] = f
}

// functionOf is the function that a declaration is, or one without a name around constants and variables.
func (x *index) functionOf(u *unit, decl ast.Decl) *function {
	if fn, ok := decl.(*ast.FuncDecl); ok {
		if f := x.functions[u.info.Defs[fn.Name]]; f != nil {
			return f
		}
	}
	return &function{in: u}
}

// enter remembers calls, and what variables become.
func (x *index) enter(from *function, decl ast.Decl) {
	if fn, ok := decl.(*ast.FuncDecl); ok && (fn.Body == nil || from.in.from == nil) {
		return
	}
	var around []ast.Node
	ast.Inspect(decl, func(n ast.Node) bool {
		if n == nil {
			around = around[:len(around)-1]
			return true
		}
		around = append(around, n)
		switch n := n.(type) {
		case *ast.CallExpr:
			if callee := from.in.callee(n); callee != nil {
				x.sites[callee] = append(x.sites[callee], site{n, from})
			}
		case *ast.AssignStmt:
			if n.Tok == token.ASSIGN || n.Tok == token.DEFINE {
				for i, left := range n.Lhs {
					x.assign(from, left, n.Rhs, i, len(n.Lhs), block(around))
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if len(n.Values) > 0 {
					x.assign(from, name, n.Values, i, len(n.Names), block(around))
				}
			}
		}
		return true
	})
}

func (x *index) assign(from *function, left ast.Expr, right []ast.Expr, i, of int, block ast.Node) {
	name, ok := left.(*ast.Ident)
	if !ok {
		return
	}
	object := from.in.info.ObjectOf(name)
	if object == nil {
		return
	}
	if len(right) == of {
		x.given[object] = append(x.given[object], given{right[i], 0, block, from})
	} else if len(right) == 1 {
		x.given[object] = append(x.given[object], given{right[0], i, block, from})
	}
}

// block is the innermost list of statements.
func block(around []ast.Node) ast.Node {
	for i := len(around) - 1; i >= 0; i-- {
		switch around[i].(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			return around[i]
		}
	}
	return nil
}

// callee is the function that is called, if its name is known.
func (u *unit) callee(call *ast.CallExpr) types.Object {
	var object types.Object
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		object = u.info.Uses[fun]
	case *ast.SelectorExpr:
		object = u.info.Uses[fun.Sel]
	case *ast.IndexExpr:
		if sel, ok := fun.X.(*ast.SelectorExpr); ok {
			object = u.info.Uses[sel.Sel]
		} else if id, ok := fun.X.(*ast.Ident); ok {
			object = u.info.Uses[id]
		}
	}
	if fn, ok := object.(*types.Func); ok {
		return fn.Origin()
	}
	return object
}

// calleeName is the last word of what is called.
func calleeName(call *ast.CallExpr) string {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	case *ast.IndexExpr:
		if sel, ok := fun.X.(*ast.SelectorExpr); ok {
			return sel.Sel.Name
		}
		if id, ok := fun.X.(*ast.Ident); ok {
			return id.Name
		}
	}
	return ""
}
