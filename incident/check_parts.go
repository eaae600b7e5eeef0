package incident

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// CheckPart tells every rule that a part breaks by itself: JSON pointer, below
// the one given, to what is wrong and what to do. It is empty for a part that
// may be kept. Rules between parts, such as evidence that names an entry, are
// Check's.
func CheckPart(p Part, pointer string) map[string]string {
	c := newChecker()
	c.fields(pointer, p)
	c.part(pointer, p)
	return c.faults
}

// parts checks every part by the rules that tags cannot say, and those between parts.
func (c *checker) parts(in *Incident) {
	entries, seen := map[string]bool{}, map[string]string{}
	for i := range in.Timeline {
		entries[in.Timeline[i].ID] = true
	}
	delete(entries, "")
	for _, k := range PartKinds {
		for i, p := range in.Parts(k) {
			at := place(k.Pointer(), i)
			c.part(at, p)
			if id := p.Head().ID; id != "" && seen[id] != "" {
				c.fault(at+"/id", fmt.Sprintf("is %q, which %s has too: choose another, or leave it out", id, seen[id]))
			} else {
				seen[id] = at
			}
			for j, id := range evidence(p) {
				if !entries[id] {
					c.fault(place(at+"/evidence", j), fmt.Sprintf("is %.40q, which is no entry of this timeline: give the id of one", strings.ToValidUTF8(id, "?")))
				}
			}
			switch p := p.(type) {
			case *Action:
				c.numbers(at+"/also_for", p.AlsoFor, in.Number)
			case *Message:
				c.corrects(at+"/corrects", in, p)
			}
		}
	}
}

// corrects checks that a message corrects another one of the record, which
// everybody who may read the correction may read too.
func (c *checker) corrects(at string, in *Incident, m *Message) {
	if m.Corrects == "" {
		return
	}
	old, found := in.Part(Messages, m.Corrects)
	switch {
	case !found || m.Corrects == m.ID:
		c.fault(at, fmt.Sprintf("is %.40q, which is no other message of this record: give the id of one, or leave it out", strings.ToValidUTF8(m.Corrects, "?")))
	case old.Seen() == AudiencePrivate && m.Audience != AudiencePrivate:
		c.fault(at, "names a private message: make this one private too")
	}
}

// evidence lists the ids of entries that a part points at.
func evidence(p Part) []string {
	switch p := p.(type) {
	case *Why:
		return p.Evidence
	case *Factor:
		return p.Evidence
	default:
		return nil
	}
}

// once refuses evidence that is named again.
func (c *checker) once(at string, ids []string) {
	seen := make(map[string]bool, len(ids))
	for i, id := range ids {
		if seen[id] {
			c.fault(place(at, i), fmt.Sprintf("repeats %.40q: leave one out", strings.ToValidUTF8(id, "?")))
		}
		seen[id] = true
	}
}

// part checks what the tags of a part cannot say.
func (c *checker) part(at string, p Part) {
	c.once(at+"/evidence", evidence(p))
	switch p := p.(type) {
	case *Entry:
		c.link(at+"/source", p.Source)
	case *Message:
		c.link(at+"/link", p.Link)
	case *Action:
		c.action(at, p)
	}
}

func (c *checker) action(at string, a *Action) {
	c.link(at+"/ticket", a.Ticket)
	if a.State == NotDoing && strings.TrimSpace(a.Reason) == "" { // not_doing_says_why
		c.fault(at+"/reason", "is empty: say why this will not be done")
	}
	if a.Due == nil {
		return
	}
	due, err := time.Parse(time.DateOnly, *a.Due)
	switch {
	case err != nil:
		c.fault(at+"/due", "is no day: write one as 2013-08-01, or leave it out")
	case !kept(due):
		c.fault(at+"/due", "is out of range: write a day from 1970 to 2200")
	}
}

var (
	scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*):`)
	// harmless are the schemes that a link may have.
	harmless = map[string]bool{"http": true, "https": true, "mailto": true}
	// running are the schemes that browsers execute, whatever follows.
	running = map[string]bool{"javascript": true, "data": true, "vbscript": true}
)

// link refuses what a browser might execute. Text that is no address, such as
// "ticket 123" or "Slack: the billing channel", is a source too.
func (c *checker) link(at, address string) {
	address = strings.TrimSpace(address)
	m := scheme.FindStringSubmatch(address)
	if m == nil {
		return
	}
	name, rest := strings.ToLower(m[1]), address[len(m[0]):]
	words := rest == "" || rest[0] == ' '
	if running[name] || !harmless[name] && !words {
		c.fault(at, fmt.Sprintf("has the scheme %.40q: write an address with http, https or mailto, or plain words", name))
	}
}

// IsLink tells whether text is an address on the web that outsiders may be
// sent to: http or https with a host, without spaces and without the name or
// password of somebody before the host.
func IsLink(text string) bool { return webLink.MatchString(text) }

var webLink = regexp.MustCompile(`^(?i:https?)://[^\s/?#@"<>\\]+([/?#][^\s"<>\\]*)?$`)
