package incidenttest

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// day is when everything in a filled record happens.
var day = time.Date(2013, 7, 18, 9, 42, 0, 0, time.UTC)

// Fill makes a record with something in every field and one part in every
// collection. Every text is what word gives for its JSON pointer, such as
// "/timeline/0/text"; a word is one line of at most 40 letters, digits and -,
// so that it fits everywhere. Links are https://example.org/WORD. Ids, days,
// keys and words of closed sets are not texts. The record is valid and in normal form:
// a resolved incident, internal, its message recorded on the status page, its
// audiences internal: see SetAudience.
func Fill(word func(pointer string) string) *incident.Incident {
	in := &incident.Incident{}
	f := filler{word: word}
	f.fill(reflect.ValueOf(in).Elem(), "", "")
	in.Status, in.Zone, in.Kind = incident.Resolved, "America/Los_Angeles", incident.KindIncident
	in.Visibility, in.Resolution, in.DuplicateOf = incident.VisibleInternal, "", nil
	in.Archived = false
	in.Review.State, in.Review.PublishedAt = incident.ReviewDraft, nil
	in.Number, in.Related = 7, []incident.Number{8}
	earlier := incident.Number(6)
	in.RecurrenceOf = &earlier
	in.Analysis.Whys[0].Evidence = []string{in.Timeline[0].ID}
	in.Analysis.Factors[0].Evidence = []string{in.Timeline[0].ID}
	in.Messages[0].State = incident.Recorded
	in.Actions[0].AlsoFor = []incident.Number{9}
	SetAudience(in, incident.AudienceInternal)
	in.Normalize()
	return in
}

// SetAudience gives every part and statement the audience.
func SetAudience(in *incident.Incident, a incident.Audience) {
	for _, s := range []*incident.Statement{in.Analysis.Trigger, in.Analysis.TechnicalCause, in.Analysis.ProcessCause} {
		if s != nil {
			s.Audience = a
		}
	}
	for _, k := range incident.PartKinds {
		for _, p := range in.Parts(k) {
			if audience := reflect.ValueOf(p).Elem().FieldByName("Audience"); audience.IsValid() {
				audience.SetString(string(a))
			}
		}
	}
}

// filler remembers how many ids it has given.
type filler struct {
	word func(string) string
	ids  uint64
}

func (f *filler) fill(v reflect.Value, at string, tag reflect.StructTag) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), at, tag)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0), at+"/0", "")
	case reflect.Struct:
		f.object(v, at)
	case reflect.String:
		v.SetString(f.text(at, tag))
	case reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic(fmt.Sprintf("Fill knows no %s, at %s", v.Type(), at))
	}
}

func (f *filler) object(v reflect.Value, at string) {
	switch made := v.Addr().Interface().(type) {
	case *time.Time:
		*made = day
		return
	case *incident.Moment:
		*made = incident.Exactly(day, "America/Los_Angeles", incident.Minute)
		made.AsWritten = f.word(at + "/as_written")
		return
	}
	for i := range v.NumField() {
		sf := v.Type().Field(i)
		inside := at
		if !sf.Anonymous {
			key, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
			inside += "/" + key
		}
		f.fill(v.Field(i), inside, sf.Tag)
	}
}

// text is a word, unless the field takes only certain texts.
func (f *filler) text(at string, tag reflect.StructTag) string {
	switch {
	case tag.Get("enum") != "":
		words := strings.Split(strings.TrimPrefix(tag.Get("enum"), ","), ",")
		return words[0]
	case strings.HasSuffix(at, "/id"):
		f.ids++
		return fmt.Sprintf("fill%08d", f.ids)
	case at == "/zone", strings.Contains(at, "/evidence/"), strings.HasSuffix(at, "/corrects"):
		return "" // set by Fill, or naming what a filled record has only one of
	case strings.HasPrefix(at, "/silenced/") && strings.HasSuffix(at, "/rule"):
		return "blame"
	case strings.HasPrefix(at, "/silenced/") && strings.HasSuffix(at, "/key"):
		return "0123456789ab"
	case strings.HasSuffix(at, "/on"):
		return "summary"
	case strings.HasSuffix(at, "/due"):
		return "2013-08-01"
	case strings.HasSuffix(at, "/source"), strings.HasSuffix(at, "/link"), strings.HasSuffix(at, "/ticket"), strings.HasPrefix(at, "/sources/"):
		return "https://example.org/" + f.word(at)
	default:
		return f.word(at)
	}
}
