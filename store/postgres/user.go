package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// account is the user of the system that a server runs as. PostgreSQL refuses root.
type account struct {
	name     string
	uid, gid uint32
	switched bool // it isn't our own, so children get its credentials and files become its own
}

// serverAccount chooses the account for a data directory: our own, unless we are root; then the
// owner of the cluster or of the data directory, else postgres, else nobody.
func serverAccount(home, dir string) (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		u, err := user.LookupId(strconv.Itoa(uid))
		if err != nil {
			return account{}, fmt.Errorf("this process runs as user %d, who has no name on this system, and PostgreSQL "+
				"needs one: add it to /etc/passwd, run as a user with a name, or set DATABASE_URL", uid)
		}
		return newAccount(u, false)
	}
	for _, path := range []string{dir, home} {
		if info, err := os.Stat(path); err == nil && ownerOf(info).uid != 0 {
			uid := strconv.FormatUint(uint64(ownerOf(info).uid), 10)
			u, err := user.LookupId(uid)
			if err != nil {
				return account{}, fmt.Errorf("%s belongs to user %s, who has no name on this system, and PostgreSQL "+
					"needs one: change its owner, or name another data directory", path, uid)
			}
			return newAccount(u, true)
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return newAccount(u, true)
		}
	}
	return account{}, errors.New("PostgreSQL does not run as root, and this system has neither a user postgres nor a user " +
		"nobody: run Debrief as an ordinary user, or set DATABASE_URL")
}

func newAccount(u *user.User, switched bool) (account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("number of user %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("group of user %s: %w", u.Username, err)
	}
	return account{name: u.Username, uid: uint32(uid), gid: uint32(gid), switched: switched}, nil
}

// credential is what a child process of the account gets; nil leaves it ours. It has no
// supplementary groups.
func (a account) credential() *syscall.Credential {
	if !a.switched {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid, Groups: []uint32{}}
}

// own gives an open file to the account, when it isn't ours already.
func (a account) own(f *os.File) error {
	if !a.switched {
		return nil
	}
	return f.Chown(int(a.uid), int(a.gid))
}

// ownIn does the same for a path inside root, never through a link.
func (a account) ownIn(root *os.Root, path string) error {
	if !a.switched {
		return nil
	}
	return root.Lchown(path, int(a.uid), int(a.gid))
}

// mayEnter tells whether the account may pass through a directory, by its mode alone: access lists
// are not read.
func (a account) mayEnter(info fs.FileInfo) bool {
	o := ownerOf(info)
	switch {
	case o.uid == a.uid:
		return info.Mode().Perm()&0o100 != 0
	case o.gid == a.gid:
		return info.Mode().Perm()&0o010 != 0
	default:
		return info.Mode().Perm()&0o001 != 0
	}
}

// ownerOf is who owns a file, without a name; switched when that isn't us.
func ownerOf(info fs.FileInfo) account {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		panic("postgres: this system does not tell the owners of files")
	}
	return account{uid: stat.Uid, gid: stat.Gid, switched: int(stat.Uid) != os.Geteuid()}
}

// plain tells whether a file is a regular one that has a single name.
func plain(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink == 1
}

// ownsAlone tells whether a file is ours and of our group, so that its group may become another.
func ownsAlone(info fs.FileInfo) bool {
	o := ownerOf(info)
	return !o.switched && int(o.gid) == os.Getegid()
}

// nameOf is the name of a user for messages, or the number when there is no name.
func nameOf(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}
