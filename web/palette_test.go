package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/debriefhq/debrief/incident"
)

// paletteFrames are the page with each sort of what is found.
func paletteFrames() []frame {
	all := append(commandsOf(incident.Actor{Name: "Root", Role: incident.Admin}),
		found{Sort: "incident", Name: hostile, Number: "INC-1", Also: hostile, Address: "/incidents/1"})
	return []frame{{Name: "palette", By: reader, Here: "find", Page: palette{Q: hostile, Found: all}}, {Name: "palette", By: reader, Page: palette{Q: "x"}}}
}

func TestThePaletteFinds(t *testing.T) {
	t.Parallel()
	in, _ := dutiful(t)
	v := in.as(t, "Lena Falk")
	for q, want := range map[string]string{
		"": `href="/incidents/new"`, fmt.Sprint(in.billing): `href="/incidents/%d"`, fmt.Sprintf("inc-%d", in.billing): `href="/incidents/%d"`,
		"Redis+master": `href="/incidents/%d"`, "redi": `href="/incidents/%d"`, "overd": "Overdue one", "bo+li": `href="/actions?owner=Bo&#43;Lind"`,
		"sign+out": `form="sign-out"`, "mine": `href="/actions?owner=me"`, "unheardof": "Nothing is found",
	} {
		if strings.Contains(want, "%d") {
			want = fmt.Sprintf(want, in.billing)
		}
		res, body := v.get("/palette?q=" + q)
		if res.StatusCode != 200 || !strings.Contains(body, want) {
			t.Errorf("GET /palette?q=%s = %d without %q", q, res.StatusCode, want)
		}
	}
	for q, want := range map[string]int{"": 200, "canarytitle": 200, "canar": 200, "canaryaction": 200, "canaryentry": 200, fmt.Sprint(in.private): 200, "%00": 422, strings.Repeat("x", 501): 400} {
		res, body := v.get("/palette?q=" + q)
		if res.StatusCode != want || strings.Contains(strings.ReplaceAll(body, `value="`+q+`"`, ""), "canary") {
			t.Errorf("GET /palette?q=%.20s = %d, want %d and no word of a private incident", q, res.StatusCode, want)
		}
	}
	if _, body := in.as(t, "Ines Duarte").get("/palette?q=canar"); !strings.Contains(body, "canarytitle") {
		t.Error("somebody named on a private incident doesn't find it")
	}
	if res, _ := in.visitor(t).get("/palette?q=redis"); res.StatusCode != 401 {
		t.Errorf("somebody signed out finds things: %d", res.StatusCode)
	}
	for who, may := range map[string]bool{"Ines Duarte": false, "Noor Haddad": true} {
		if _, body := in.as(t, who).get("/palette"); strings.Contains(body, "/incidents/new") != may || strings.Contains(body, `href="/people"><span`) {
			t.Errorf("%s is offered what they may not do, or not what they may", who)
		}
	}
}

func TestThePaletteByKeyboard(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	in, _ := dutiful(t)
	b.enters(in, "Lena Falk")
	b.look("palette-page", in.url+"/palette")
	b.look("palette-none", in.url+"/palette?q=unheardof")
	b.prefers("light", 1280)
	b.do(chromedp.Navigate(in.url + "/actions"))
	b.until("scripts are awake", `document.querySelector(".move")?.hasAttribute("data-htmx-powered") === true`)
	b.presses("k", chromedp.ModifierCtrl)
	b.until("commands are listed", `document.querySelector("#palette")?.open === true && document.querySelectorAll("#palette [role=option]").length > 5`)
	b.accessible("palette")
	b.shots("palette")
	b.prefers("light", 1280)
	b.do(chromedp.KeyEvent("redi"))
	b.until("the incident is found", `document.querySelector("#palette [aria-selected=true]")?.innerText.includes("Redis") === true`)
	if id := asks[string](b, `document.activeElement.getAttribute("aria-activedescendant")`); id != "palette-0" {
		t.Errorf("the option in focus is %q", id)
	}
	b.accessible("palette-found")
	b.presses(kb.Escape, 0)
	b.until("Escape closes it", `!document.querySelector("#palette").open`)
	b.hits("/")
	b.until("a slash opens it, empty", `document.querySelector("#palette").open && document.activeElement.id === "palette-input" && document.activeElement.value === ""`)
	b.do(chromedp.KeyEvent("keys"))
	b.until("the command is found", `document.querySelector("#palette [aria-selected=true]")?.innerText.includes("Keys on this page") === true`)
	b.presses(kb.Enter, 0)
	b.until("the keys are shown", `document.querySelector("#keys").open`)
	b.presses(kb.Escape, 0)
	b.presses("k", chromedp.ModifierCtrl)
	b.do(chromedp.KeyEvent(fmt.Sprintf("INC-%d", in.billing)))
	b.until("the number is found", `document.querySelector("#palette [aria-selected=true]")?.innerText.includes("Redis") === true`)
	b.presses(kb.Enter, 0)
	b.until("Enter goes there", fmt.Sprintf(`location.pathname === "/incidents/%d"`, in.billing))
}
