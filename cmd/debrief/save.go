package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/debriefhq/debrief/api/client"
	"github.com/debriefhq/debrief/incident"
)

// ledger stands in a directory that was exported into, a line for each file:
// the record's ID, a space, the file's name. Of several lines about one file the
// last holds. By it an export knows its own file again when the record changed.
const ledger = ".debrief-exports"

// saving is a file that is being written: until keep it is another one beside
// it, so that nothing is lost when the writing fails, and a place that cannot be
// written to is known before the work.
type saving struct {
	path string   // the file to write, or the directory to write it into, as its caller names it
	real string   // the file that path leads to
	dir  bool     // path is a directory
	temp *os.File // nil when path is a device or a pipe, which is written to as it is
}

// save begins a file at output, or in it when that is a directory.
func save(output string) (*saving, error) {
	s := &saving{path: output, real: output}
	info, err := os.Stat(output)
	switch {
	case errors.Is(err, fs.ErrNotExist) && os.IsPathSeparator(output[len(output)-1]):
		return nil, incident.Refuse(incident.Invalid, "", fmt.Sprintf("there is no directory %s: make it first, or name a file", output))
	case err == nil && info.IsDir():
		s.dir = true
	case err == nil && !info.Mode().IsRegular():
		return s, nil
	case err == nil: // the file that a link leads to is written, not the link
		if s.real, err = filepath.EvalSymlinks(output); err != nil {
			return nil, written(output, err)
		}
	}
	beside := filepath.Dir(s.real)
	if s.dir {
		beside = s.path
	}
	if s.temp, err = os.CreateTemp(beside, ".debrief-*.tmp"); err != nil {
		return nil, written(output, err)
	}
	return s, nil
}

// drop leaves everything as it was, unless the file was kept.
func (s *saving) drop() {
	if s.temp != nil {
		_ = s.temp.Close()
		_ = os.Remove(s.temp.Name())
	}
}

// keep writes body, and gives the path of the file and whether another text
// stood there before. In a directory the file gets name, and one of the same
// name that was not exported from the record id stays, unless forced. The name
// comes from the server, so it must not lead out of the directory.
func (s *saving) keep(name, id string, body []byte, force bool) (path string, replaced bool, err error) {
	if s.temp == nil {
		return s.path, false, written(s.path, os.WriteFile(s.path, body, 0o600)) // it is there and keeps its mode
	}
	path = s.path
	if s.dir {
		if err := s.enters(name); err != nil {
			return "", false, err
		}
		path = filepath.Join(s.path, name)
		s.real = path
	}
	mode := fs.FileMode(0o644)
	_, none := os.Lstat(s.real)
	there := !errors.Is(none, fs.ErrNotExist)
	old, unread := os.ReadFile(s.real) // #nosec G304 -- the caller's own file
	if info, err := os.Stat(s.real); err == nil {
		mode = info.Mode().Perm()
	}
	if same := unread == nil && bytes.Equal(old, body); s.dir && there && !same && !force {
		if err := s.check(path, name, id); err != nil {
			return "", false, err
		}
	}
	_, err = s.temp.Write(body)
	if err = errors.Join(err, s.temp.Chmod(mode), s.temp.Sync(), s.temp.Close()); err != nil {
		return "", false, written(path, err)
	}
	if err := s.place(path, there); err != nil {
		return "", false, err
	}
	if s.dir {
		err = s.enter(name, id)
	}
	return path, there && !bytes.Equal(old, body), err
}

// enters makes way for a file that lies in the directory, or in a folder of its own there.
func (s *saving) enters(name string) error {
	folder, file := filepath.Split(name)
	if !filepath.IsLocal(name) || name == ledger || folder != "" && (filepath.Base(folder) != filepath.Clean(folder) || !strings.HasPrefix(file, "index.")) {
		return fmt.Errorf("the server calls the file %q: name one with -o", name)
	}
	folder = filepath.Join(s.path, folder)
	return written(folder, os.MkdirAll(folder, 0o755)) // #nosec G301 -- it lies among documents for others
}

// bundle is what a post is called whose generator wants those with images in a
// folder of their own: one that has none is called as it is, unless it has that
// folder from before. Flat is the path of the post from when it had none.
func (s *saving) bundle(doc client.Document, id string) (name, flat string, err error) {
	ext := filepath.Ext(doc.Name)
	name = strings.TrimSuffix(doc.Name, ext) + "/index" + ext
	of, err := s.owner(name)
	if err != nil || len(incident.ImagesIn(doc.Text)) == 0 && of != id {
		return doc.Name, "", err
	}
	if of, err = s.owner(doc.Name); err != nil || of != id {
		return name, "", err
	}
	flat = filepath.Join(s.path, doc.Name)
	if _, no := os.Stat(flat); no != nil {
		flat = ""
	}
	return name, flat, nil
}

// place gives the file its name. One that somebody made in the meantime stays.
func (s *saving) place(path string, there bool) error {
	if !there && s.dir {
		err := os.Link(s.temp.Name(), path)
		if err == nil {
			return nil // drop removes the other name
		}
		if errors.Is(err, fs.ErrExist) {
			return incident.Refuse(incident.Conflict, "", path+" was made just now by somebody else: export again")
		}
	}
	return written(path, os.Rename(s.temp.Name(), s.real))
}

// check refuses to replace a file that is not of the record.
func (s *saving) check(path, name, id string) error {
	of, err := s.owner(name)
	if err != nil || of == id {
		return err
	}
	whose := "was not exported from this record"
	if of != "" {
		whose = "was exported from another record"
	}
	return incident.Refuse(incident.Conflict, "", fmt.Sprintf(
		"%s is there and %s: name another file with -o, give the record another public title, or replace the file with --force", path, whose))
}

// owner is the ID of the record that a file was exported from last, or "".
func (s *saving) owner(name string) (id string, err error) {
	text, err := os.ReadFile(filepath.Join(s.path, ledger)) // #nosec G304 -- our own file
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", unreadable(filepath.Join(s.path, ledger), err)
	}
	for line := range strings.Lines(string(text)) {
		if of, file, ok := strings.Cut(strings.TrimSpace(line), " "); ok && file == name {
			id = of
		}
	}
	return id, nil
}

// enter notes whose a file is. Lines are only added, so that exports that run at
// one time lose none.
func (s *saving) enter(name, id string) error {
	if of, err := s.owner(name); err != nil || of == id {
		return err
	}
	path := filepath.Join(s.path, ledger)
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644) // #nosec G302 G304 -- it lies beside documents for others
	if err != nil {
		return written(path, err)
	}
	_, err = fmt.Fprintf(file, "%s %s\n", id, name)
	return written(path, errors.Join(err, file.Close()))
}

// written makes a refusal of what keeps a file from being written.
func written(path string, err error) error {
	if err == nil {
		return nil
	}
	var broken *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &broken):
		err = broken.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return incident.Refuse(incident.Invalid, "", fmt.Sprintf("cannot write %s: %v", path, err))
}
