package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/document"
	"github.com/debriefhq/debrief/store"
)

// Pages of people here, under Options.URL.
const (
	incidentsPath = "/incidents/"
	minePath      = "/actions?owner=me"
	accountPath   = "/account"
	digestsPath   = "/digests/"
)

// reminders sends mails to people here. One hand is enough: they are few.
type reminders struct {
	river.WorkerDefaults[store.Remind]
	n *Notifier
}

// Work is called by River: it sends what is due, and asks to come back when there is more.
func (r *reminders) Work(ctx context.Context, _ *river.Job[store.Remind]) error {
	next, err := r.shift(ctx)
	switch {
	case errors.Is(err, errAway):
		r.n.Log.WarnContext(ctx, "mail waits", "error", err)
		return river.JobSnooze(resting)
	case err != nil:
		r.n.Log.ErrorContext(ctx, "send reminders", "error", err)
		return river.JobSnooze(resting)
	case next == nil:
		return nil
	}
	return river.JobSnooze(max(time.Until(*next), lookTime/10))
}

// shift sends what is due, and tells when there is more to do; nil for nothing.
func (r *reminders) shift(ctx context.Context) (next *time.Time, err error) {
	lapsed, err := r.n.Store.LapseReminders(ctx)
	if err != nil {
		return nil, err
	}
	if lapsed > 0 {
		r.n.Log.WarnContext(ctx, "nobody can know whether these arrived: see the page Jobs", "reminders", lapsed)
	}
	post := &postman{server: r.n.Mail, patience: r.n.MailTime}
	defer post.close()
	for until := time.Now().Add(shift); ctx.Err() == nil && time.Now().Before(until); {
		select {
		case <-r.n.stop:
			return r.n.Store.NextReminder(ctx)
		default:
		}
		one, err := r.n.Store.ClaimReminder(ctx, r.n.Lease)
		if err != nil {
			return nil, err
		}
		if one == nil {
			break
		}
		if err := r.remind(ctx, one, post); err != nil {
			return nil, err
		}
	}
	return r.n.Store.NextReminder(ctx)
}

// remind sends one, and notes how that went, also when the job was cut off meanwhile.
func (r *reminders) remind(ctx context.Context, one *store.Reminder, post *postman) error {
	o, away := r.send(ctx, one, post)
	if o.State == store.Failed || o.State == store.Unknown {
		r.n.Log.WarnContext(ctx, "a reminder did not go well", "reminder", one.ID, "state", o.State, "reason", o.Reason)
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	if err := r.n.Store.EndReminder(end, one, o); err != nil {
		return err
	}
	if away {
		return fmt.Errorf("%w: %s", errAway, o.Reason)
	}
	return nil
}

func (r *reminders) send(ctx context.Context, one *store.Reminder, post *postman) (o store.Outcome, away bool) {
	d := &store.Delivery{ID: one.ID, Tries: one.Tries, To: store.Subscriber{Subscription: incident.Subscription{Kind: incident.ByMail, Address: one.Email}}}
	if err := r.n.Store.Fill(ctx, one); err != nil {
		r.n.Log.ErrorContext(ctx, "read what a reminder says", "error", err)
		return retry(d, "what it says could not be read: see the log"), false
	}
	if one.Void != "" {
		return store.Outcome{State: store.Cancelled, Reason: one.Void}, false
	}
	return post.deliver(ctx, d, r.n.reminder(one))
}

// reminder is what a reminder says.
func (n *Notifier) reminder(r *store.Reminder) letter {
	l := letter{Site: n.Name, Account: n.link(accountPath)}
	switch r.Kind {
	case store.OfPromise:
		n.promised(&l, r.Promise)
	case store.OfMonth:
		n.digest(&l, r.Digest)
	default:
		n.overdue(&l, r)
	}
	return l
}

func (n *Notifier) digest(l *letter, d *incident.Digest) {
	var text strings.Builder
	_ = document.WriteDigest(&text, d, func(number incident.Number) string { return n.link(fmt.Sprintf("%s%d", incidentsPath, number)) }) // a builder never fails
	l.Subject = "Incidents: " + incident.PeriodTitle(d.From, d.Until)
	_, l.Text, _ = strings.Cut(text.String(), "\n\n") // the subject is its title
	l.Link, l.LinkName = n.link(digestsPath+d.Period), "Read it as a page"
}

func (n *Notifier) promised(l *letter, p store.Promise) {
	l.Subject = fmt.Sprintf("%s: the next update is due soon", p.Incident)
	l.Text = "Customers were promised another update, and it is about to be due. Tell them how things stand, also when nothing is new, and when they will hear of you again."
	l.fact("Incident", named(p.Incident, p.Heading))
	l.fact("Promised for", moment(p.Due, p.Due.Zone))
	l.Link, l.LinkName = n.link(fmt.Sprintf("%s%d", incidentsPath, p.Incident)), "Open "+p.Incident.String()
}

func (n *Notifier) overdue(l *letter, r *store.Reminder) {
	switch count := len(r.FollowUp); {
	case r.More:
		l.Subject = fmt.Sprintf("More than %d follow-ups of yours are overdue", count)
	case count == 1:
		l.Subject = "A follow-up of yours is overdue"
	default:
		l.Subject = fmt.Sprintf("%d follow-ups of yours are overdue", count)
	}
	l.Text = "You own these, and the day that they were due has passed. Do them, give them another day, or say why they won’t be done."
	for _, f := range r.FollowUp {
		what := oneLine(f.Title)
		if f.Private {
			what = "a private follow-up"
		}
		l.Items = append(l.Items, item{
			fmt.Sprintf("%s: %s, due %s", named(f.Incident, f.Heading), what, f.Due), n.link(fmt.Sprintf("%s%d", incidentsPath, f.Incident)),
		})
	}
	l.Link, l.LinkName = n.link(minePath), "All your follow-ups"
}

// named is an incident with its title, or without one when that is private.
func named(number incident.Number, title string) string {
	if title == "" {
		return number.String()
	}
	return number.String() + " " + oneLine(title)
}
