package postgres

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type entry struct {
	name, text string
	kind       byte // 0 is a file
	size       int64
}

// pack makes an archive. An entry with a size larger than its text ends it there, as a lie would.
func pack(t *testing.T, entries []entry) []byte {
	t.Helper()
	var text bytes.Buffer
	zipped := gzip.NewWriter(&text)
	out := tar.NewWriter(zipped)
	for _, e := range entries {
		header := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o755, Size: max(e.size, int64(len(e.text)))}
		if e.kind == tar.TypeSymlink || e.kind == tar.TypeLink {
			header.Linkname, header.Size = e.text, 0
		}
		if err := out.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if header.Size == 0 {
			continue
		}
		if _, err := out.Write([]byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	_ = out.Close() // complains of an entry that promised more
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func TestUnpack(t *testing.T) {
	t.Parallel()
	list := func(source, target string) entry {
		return entry{name: "package/native/pg-symlinks.json", text: `[{"source":"` + source + `","target":"` + target + `"}]`}
	}
	lib := entry{name: "package/native/lib/liba.so.1", text: "a"}
	tests := []struct {
		name    string
		entries []entry
		want    string // in the error; "" for none
	}{
		{"files and the links that are listed", []entry{lib, list("native/lib/liba.so.1", "native/lib/liba.so")}, ""},
		{"a path that climbs out", []entry{{name: "package/native/../../../evil", text: "x"}}, "leads out"},
		{"a path that climbs and returns", []entry{{name: "package/native/lib/../evil", text: "x"}}, "leads out"},
		{"a path from the root", []entry{{name: "/etc/evil", text: "x"}}, "leads out"},
		{"a link", []entry{{name: "package/native/lib", text: "/etc", kind: tar.TypeSymlink}}, "neither a file"},
		{"a hard link", []entry{{name: "package/native/passwd", text: "/etc/passwd", kind: tar.TypeLink}}, "neither a file"},
		{"a device", []entry{{name: "package/native/null", kind: tar.TypeChar}}, "neither a file"},
		{"a name that comes twice", []entry{lib, lib}, "exists"},
		{"a file out of bounds", []entry{{name: "package/native/big", text: "x", size: unpackedSize + 1}}, "more than"},
		{"no list of links", []entry{lib}, "list of links"},
		{"a listed link that lies outside", []entry{lib, list("native/lib/liba.so.1", "native/../../evil")}, "leads out"},
		{"a listed link that leads outside", []entry{lib, list("native/../../etc/passwd", "native/lib/a")}, "leads out"},
		{"a listed link to nothing", []entry{lib, list("native/lib/libb.so.1", "native/lib/libb.so")}, "no such file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "in")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer closeQuietly(root)
			err = unpack(bytes.NewReader(pack(t, tt.entries)), root)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Fatalf("unpack = %v, want %q", err, tt.want)
			}
			if _, err := os.Lstat(filepath.Join(dir, "..", "evil")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("something was written outside: %v", err)
			}
			if tt.want != "" {
				return
			}
			if text, err := os.ReadFile(filepath.Join(dir, "lib", "liba.so")); string(text) != "a" {
				t.Errorf("through the link = %q (%v), want a", text, err)
			}
		})
	}
}

func TestAnArchiveThatWeDoNotKnowIsNotUnpacked(t *testing.T) {
	t.Parallel()
	text := pack(t, []entry{{name: "package/native/lib/liba.so.1", text: "a"}, {name: "package/native/pg-symlinks.json", text: "[]"}})
	sum := sha512.Sum512(text)
	known := archive{platform: "linux-x64", size: int64(len(text)), sha512: base64.StdEncoding.EncodeToString(sum[:])}
	flipped := bytes.Clone(text)
	flipped[len(flipped)/2] ^= 1
	tests := []struct {
		name string
		text []byte
		ok   bool
	}{
		{"the archive that we know", text, true},
		{"one with a flipped bit", flipped, false},
		{"one that is cut", text[:len(text)-1], false},
		{"one with something behind it", append(bytes.Clone(text), 0), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			work := t.TempDir()
			path, dir := filepath.Join(work, "package.tgz"), filepath.Join(work, "postgres")
			if err := os.WriteFile(path, tt.text, 0o600); err != nil {
				t.Fatal(err)
			}
			err := install(path, known, work, dir)
			_, there := os.Stat(filepath.Join(dir, "lib", "liba.so.1"))
			if tt.ok != (err == nil) || tt.ok != (there == nil) {
				t.Errorf("install = %v, unpacked = %v, want %v", err, there == nil, tt.ok)
			}
		})
	}
}

// TestFetch needs npm and a registry, so it runs when one of two variables asks for it.
func TestFetch(t *testing.T) {
	if os.Getenv("DEBRIEF_POSTGRES") != "fetch" && os.Getenv("DEBRIEF_TEST_ALL") != "1" {
		t.Skip("needs npm and its registry: set DEBRIEF_POSTGRES=fetch or DEBRIEF_TEST_ALL=1")
	}
	t.Parallel()
	cache := home(t)
	if err := os.Chmod(cache, 0o711); err != nil { //nolint:gosec // the server's user passes
		t.Fatal(err)
	}
	for i, want := range []int{1, 0} {
		fetches := 0
		o := options(home(t))
		o.CacheDir, o.Binaries = filepath.Join(cache, "debrief"), "fetch"
		o.Progress = func(step string) {
			if strings.HasPrefix(step, "fetching PostgreSQL") {
				fetches++
			}
		}
		s, err := Start(t.Context(), o)
		if err != nil {
			t.Fatalf("start %d: %v", i+1, err)
		}
		version := ask(t, s.AdminURL(), `show server_version`)
		stop(t, s)
		if fetches != want || version != fetchedShort {
			t.Errorf("start %d fetched %d times and runs %s, want %d and %s", i+1, fetches, version, want, fetchedShort)
		}
	}
}
