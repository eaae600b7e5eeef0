package incident

import "time"

// Role is what a person of the installation may do. Each may all that the one
// before it may.
type Role string

// The roles: viewers read, responders write, reviewers approve and publish,
// admins keep people, tokens and the installation.
const (
	Viewer    Role = "viewer"
	Responder Role = "responder"
	Reviewer  Role = "reviewer"
	Admin     Role = "admin"
)

// Roles lists the closed set, the least first.
var Roles = []Role{Viewer, Responder, Reviewer, Admin}

// Scope narrows what a token may do, whatever its person's role.
type Scope string

// The scopes: read never writes; write does all but admin's deeds; full is all
// that the role may.
const (
	ScopeRead  Scope = "read"
	ScopeWrite Scope = "write"
	ScopeFull  Scope = "full"
)

// Scopes lists the closed set, the narrowest first.
var Scopes = []Scope{ScopeRead, ScopeWrite, ScopeFull}

// Deed is something that a role may or may not do.
type Deed string

// The deeds.
const (
	Read       Deed = "read"       // whatever is not private, and what names the reader
	Write      Deed = "write"      // file, log, edit, move, comment, submit
	ReviewDeed Deed = "review"     // approve, publish
	Administer Deed = "administer" // people, tokens, archiving, restoring
)

// deeds is the table of who may do what.
var deeds = map[Role]map[Deed]bool{
	Viewer:    {Read: true},
	Responder: {Read: true, Write: true},
	Reviewer:  {Read: true, Write: true, ReviewDeed: true},
	Admin:     {Read: true, Write: true, ReviewDeed: true, Administer: true},
}

// widest is the greatest role that a token of each scope leaves.
var widest = map[Scope]Role{ScopeRead: Viewer, ScopeWrite: Reviewer, ScopeFull: Admin}

// May tells whether the role may do the deed. Unknown roles and the empty one
// may nothing.
func (r Role) May(d Deed) bool { return deeds[r][d] }

// Narrow gives what is left of a role behind a token's scope. An unknown role
// or scope leaves "", which may nothing.
func Narrow(r Role, s Scope) Role {
	limit, known := widest[s]
	if !known || deeds[r] == nil {
		return ""
	}
	if len(deeds[limit]) < len(deeds[r]) {
		return limit
	}
	return r
}

// Actor is who asks: a person of the installation, through a session or a
// token. The zero Actor is nobody.
type Actor struct {
	PersonID int64
	Name     string
	Role     Role // already narrowed by the token's scope
	ReadOnly bool // the token's scope is read: not even what every role may write
	Once     Once // the request's Idempotency-Key, when it has one

	Until time.Time // when the token that speaks for them ends; zero for a session and a token that never ends
}

// Once names a request so that repeating it makes nothing new. Key is at most
// 255 bytes of printable ASCII; Hash is a digest of method, path and body.
// Repeated, when it is not nil, is set for a request that was done before.
type Once struct {
	Key      string
	Hash     []byte
	Repeated *bool
}
