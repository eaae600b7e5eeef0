package incident

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Sending sends a message: the move of its own that makes it sent. By and At are filled in by the store.
type Sending struct {
	ID string // of the message, a draft
	By Actor
	At time.Time
}

// sendable are the channels that Debrief itself serves: the status page, whose
// subscribers are told as well, and mail to the subscribers alone.
var sendable = []Channel{StatusPage, Email}

// Send makes a draft sent, now and by whoever asks: where the message names no
// author it is them, where it gives no status word it is the incident's. It is
// refused for what is no draft, for other channels, for a message that is not
// public or holds what looks like a credential, and for a private incident.
func (in *Incident) Send(s Sending) error {
	p, found := in.Part(Messages, s.ID)
	if !found {
		return Refuse(NotFound, "", fmt.Sprintf("there is no message %.40q, or you may not see it", s.ID))
	}
	m := p.(*Message)
	if err := in.maySend(m); err != nil {
		return err
	}
	at := Exactly(s.At.Truncate(time.Second), in.Zone, Second)
	m.State, m.At = Sent, &at
	m.Author = or(strings.TrimSpace(m.Author), s.By.Name)
	m.Status = or(strings.TrimSpace(m.Status), string(in.Status))
	return nil
}

func (in *Incident) maySend(m *Message) error {
	switch {
	case m.State == Sent:
		return Refuse(Conflict, "/state", "is sent already: write another message, which may correct this one")
	case m.State != Draft:
		return Refuse(Conflict, "/state", "is recorded: it was said elsewhere. To send the same words, write them as a draft")
	case in.Visibility == VisiblePrivate:
		return Refuse(Conflict, "/visibility", "is private, so nobody outside is told: make the incident internal first")
	case !slices.Contains(sendable, m.Channel):
		return Refuse(Conflict, "/channel", fmt.Sprintf("is %s, which Debrief does not serve: say it there, and record it; or send it by status_page or email", m.Channel))
	case m.Audience != AudiencePublic:
		return Refuse(Conflict, "/audience", "is not public: make the message public, or keep it as a draft")
	case slices.ContainsFunc(Secrets(m.Body), func(s Secret) bool { return !in.lets(s.Key) }):
		return Refuse(Conflict, "/body", "holds what looks like a credential: take it out; if it is harmless, silence the rule secret for it and say why")
	}
	if m.Corrects != "" {
		if old, found := in.Part(Messages, m.Corrects); !found || !sentToAll(*old.(*Message)) || old.(*Message).Channel != m.Channel {
			return Refuse(Conflict, "/corrects", "is no message that was sent to everybody by the same channel: name one that was, or leave it out")
		}
	}
	return nil
}

// KeptAsSent refuses an edit that takes out a message that was sent, or changes
// it: people have read it. Its link may change, and where it stands.
func KeptAsSent(before, after *Incident) error {
	faults := map[string]string{}
	for i := range before.Messages {
		old := before.Messages[i]
		if old.State != Sent {
			continue
		}
		at := slices.IndexFunc(after.Messages, func(m Message) bool { return m.ID == old.ID })
		if at < 0 {
			return Refuse(Conflict, "/messages", "were sent, so they stay: send another that corrects the one you would take out")
		}
		now := after.Messages[at]
		old.Revision, old.Position, old.Link = now.Revision, now.Position, now.Link
		if NormalizePart(&old, before.Zone); !reflect.DeepEqual(old, now) {
			faults[place("/messages", at)] = "was sent, and people have read it: send another message that corrects it, so that both stand"
		}
	}
	return RefuseFields(faults)
}
