package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
)

// linkLasts is how long a sign-in link works.
const linkLasts = 24 * time.Hour

// members is the page of who may sign in.
type members struct {
	Me      string
	Governs bool // who looks may change it
	Done    string
	Problem string
	Secret  *secret
	People  []somebody
	Add     []control
}

// somebody is a person of the installation.
type somebody struct {
	ID       int64
	Name     string
	Role     incident.Role
	Disabled bool
	Since    stamp
	Roles    []option
	Contact  store.Contact // for admins
}

// peopleDone says what was done, by the word that the address ends with.
var peopleDone = map[string]string{
	"role": "The role is changed.", "disable": "They may sign in no more, and are signed out everywhere.", "enable": "They may sign in again.",
}

func roles() []option {
	var all []option
	for _, role := range incident.Roles {
		all = append(all, option{Value: string(role), Label: word(role)})
	}
	return all
}

func (s *site) people(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	return s.showPeople(w, r, http.StatusOK, by, members{Done: peopleDone[r.URL.Query().Get("done")]}, typed{})
}

func (s *site) showPeople(w http.ResponseWriter, r *http.Request, status int, by incident.Actor, page members, form typed) error {
	all, err := s.Store.People(r.Context(), by)
	if err != nil {
		return err
	}
	page.Me, page.Governs = by.Name, by.Role.May(incident.Administer)
	var contacts map[int64]store.Contact
	if page.Governs {
		if contacts, err = s.Store.Contacts(r.Context(), by); err != nil {
			return err
		}
	}
	for _, p := range all {
		page.People = append(page.People, somebody{p.ID, p.Name, p.Role, p.Disabled, stamp(p.CreatedAt), choose(roles(), string(p.Role)), contacts[p.ID]})
	}
	page.Add = []control{
		form.line("person-name", "name", "Name", "As records will name them. It never changes.", true),
		form.choice("person-role", "role", "Role", roles(), string(incident.Responder)),
	}
	return s.show(w, status, frame{Name: "people", Title: "People", By: by, Here: "people", Page: page})
}

// changePeople does what a button of the page says.
func (s *site) changePeople(w http.ResponseWriter, r *http.Request, by incident.Actor) error {
	form, err := sent(w, r)
	if err != nil {
		return err
	}
	id, _ := strconv.ParseInt(form.Get("id"), 10, 64) // 0 is nobody's
	do, role, yes, no := form.Get("do"), incident.Role(form.Get("role")), true, false
	var change store.PersonChange
	switch do {
	case "add":
		return s.addPerson(w, r, by, form)
	case "link":
		p, err := s.Store.Person(r.Context(), by, id)
		if err != nil {
			return s.peopleAgain(w, r, by, url.Values{}, err)
		}
		return s.showLink(w, r, by, p)
	case "role":
		change.Role = &role
	case "disable":
		change.Disabled = &yes
	case "enable":
		change.Disabled = &no
	default:
		return incident.Refuse(incident.Malformed, "", "This button is none of ours. Go back, and try again.")
	}
	if _, err := s.Store.ChangePerson(r.Context(), by, id, change); err != nil {
		return s.peopleAgain(w, r, by, url.Values{}, err)
	}
	http.Redirect(w, r, "/people?done="+do, http.StatusSeeOther)
	return nil
}

func (s *site) addPerson(w http.ResponseWriter, r *http.Request, by incident.Actor, form url.Values) error {
	p, err := s.Store.AddPerson(r.Context(), by, store.Person{Name: form.Get("name"), Role: incident.Role(form.Get("role"))})
	if err != nil {
		return s.peopleAgain(w, r, by, form, err)
	}
	return s.showLink(w, r, by, p)
}

// showLink makes a link that signs somebody in, and shows it once.
func (s *site) showLink(w http.ResponseWriter, r *http.Request, by incident.Actor, p store.Person) error {
	key, err := s.Store.NewSignInLink(r.Context(), by, p.Name, linkLasts)
	if err != nil {
		return s.peopleAgain(w, r, by, url.Values{}, err)
	}
	return s.showPeople(w, r, http.StatusOK, by, members{Secret: &secret{
		"Sign-in link for " + p.Name, "Send it to them alone: who opens it is signed in as them. It works once, within a day.", origin(r) + "/sign-in?key=" + key,
	}}, typed{})
}

// peopleAgain shows the page with what was typed and what is wrong with it.
func (s *site) peopleAgain(w http.ResponseWriter, r *http.Request, by incident.Actor, form url.Values, err error) error {
	status, known := refusedStatus(err)
	if !known {
		return err
	}
	page, faults := members{}, wrong(err)
	if form.Get("do") != "add" || len(faults) == 0 {
		page.Problem = sentence(err.Error())
	}
	return s.showPeople(w, r, status, by, page, typed{form, faults})
}
