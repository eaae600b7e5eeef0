package document

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// word writes a short text so that unword gives it back: as it is where that
// can be read, else as a JSON string. The text must not hold any of stops where
// it stands plain.
func word(text, stops string) string {
	plain := text != "" && text[0] != '"' && strings.TrimSpace(text) == text &&
		!strings.ContainsFunc(text, unicode.IsControl) && !strings.ContainsAny(text, stops)
	if plain {
		return text
	}
	return quote(text)
}

// unword reads what word wrote. A quotation that is not one as a whole is text.
func unword(text string) string {
	if s, ok := unquote(text); ok {
		return s
	}
	return text
}

// quote is the text as a JSON string, with <, > and & as they are.
func quote(text string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		return `""` // a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func unquote(text string) (string, bool) {
	if len(text) < 2 || text[0] != '"' {
		return "", false
	}
	var s string
	err := json.Unmarshal([]byte(text), &s)
	return s, err == nil
}

// beforeQuote cuts a text where its quotation begins.
func beforeQuote(text string) (plain, quoted string) {
	if i := strings.IndexByte(text, '"'); i >= 0 {
		return text[:i], text[i:]
	}
	return text, ""
}
