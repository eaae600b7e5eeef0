package web

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static/*
var staticFiles embed.FS

// style is the one style sheet that pages load: all of ours together.
const style = "debrief.css"

// script is htmx 4.0.1 as its makers minified it (https://htmx.org, Zero-Clause
// BSD), without the line that names its source map. Every other .js is a module of ours.
const script = "htmx.min.js"

// assets are the static files. Each is served under a name that changes with
// its content, so that browsers may keep it for good.
type assets struct {
	addresses map[string]string // file name → address
	files     map[string][]byte // address → content
	modules   []string          // addresses of our scripts
}

// compact leaves out what only readers of the source need. It knows our own
// style sheet, which has a space after each colon of a declaration and nowhere else.
var compact = strings.NewReplacer(" {\n", "{", ";\n}", "}", " > ", ">", "\n", "", "\t", "", ": ", ":", "; }", "}", " { ", "{", ", ", ",", "; ", ";")

func newAssets() (assets, error) {
	a := assets{addresses: map[string]string{}, files: map[string][]byte{}}
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		return a, fmt.Errorf("list static files: %w", err)
	}
	var styles []byte
	for _, e := range entries {
		text, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return a, fmt.Errorf("read static file: %w", err)
		}
		switch ext := path.Ext(e.Name()); {
		case e.Name() == style:
			styles = append(text, styles...) // it names the layers, so it comes first
		case ext == ".css":
			styles = append(styles, text...)
		case ext == ".js" && e.Name() != script:
			a.modules = append(a.modules, a.add(e.Name(), text))
		default:
			a.add(e.Name(), text)
		}
	}
	a.add(style, []byte(compact.Replace(string(styles))))
	return a, nil
}

// add gives a file its address.
func (a assets) add(name string, text []byte) string {
	sum, ext := sha256.Sum256(text), path.Ext(name)
	address := fmt.Sprintf("/static/%s.%x%s", strings.TrimSuffix(name, ext), sum[:4], ext)
	a.addresses[name], a.files[address] = address, text
	return address
}

// address fails for a file that does not exist, and so does the page that asks for it.
func (a assets) address(name string) (string, error) {
	if address, ok := a.addresses[name]; ok {
		return address, nil
	}
	return "", fmt.Errorf("there is no static file %s", name)
}

// serve answers with a static file, or false.
func (a assets) serve(w http.ResponseWriter, r *http.Request) bool {
	text, ok := a.files[r.URL.Path]
	if !ok {
		return false
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(r.URL.Path)))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(text) // that a reader went away is no fault
	return true
}
