package web

import (
	"encoding/xml"
	"time"
)

// atomFeed is a feed as RFC 4287 has it.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []feedLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Link      feedLink `xml:"link"`
	Content   struct {
		Type string `xml:"type,attr"`
		HTML string `xml:",chardata"`
	} `xml:"content"`
}

func (f *feed) atom() *atomFeed {
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	a := &atomFeed{ID: f.ID, Title: f.Title, Updated: at(f.Updated), Author: f.Name, Links: []feedLink{
		{"alternate", "text/html", f.Base + "/status"},
		{"self", "application/atom+xml", f.Base + atomAddress},
	}}
	for _, e := range f.Entries {
		one := atomEntry{ID: e.ID, Title: e.Title, Published: at(e.Published), Updated: at(e.Updated), Link: feedLink{"alternate", "text/html", e.Address}}
		one.Content.Type, one.Content.HTML = "html", e.HTML
		a.Entries = append(a.Entries, one)
	}
	return a
}

// rssFeed is a feed as RSS 2.0 has it, with the link to itself that its readers want.
type rssFeed struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Changed     string    `xml:"lastBuildDate"`
	Self        feedLink  `xml:"atom:link"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link"`
	GUID        rssGUID `xml:"guid"`
	Told        string  `xml:"pubDate"` // when it was told of last, so that readers put it on top again
	Description string  `xml:"description"`
}

type rssGUID struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

func (f *feed) rss() *rssFeed {
	at := func(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }
	channel := rssChannel{
		Title: f.Title, Link: f.Base + "/status", Description: "Incidents and maintenance: " + f.Name, Changed: at(f.Updated),
		Self: feedLink{"self", "application/rss+xml", f.Base + rssAddress},
	}
	for _, e := range f.Entries {
		channel.Items = append(channel.Items, rssItem{Title: e.Title, Link: e.Address, GUID: rssGUID{ID: e.ID}, Told: at(e.Updated), Description: e.HTML})
	}
	return &rssFeed{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: channel}
}
