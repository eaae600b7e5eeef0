package edition_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/debriefhq/debrief/api/edition"
	"github.com/debriefhq/debrief/incident/status"
)

var (
	printedAt = time.Date(2013, 7, 18, 11, 0, 0, 500, time.UTC)
	text      = strings.Repeat("Cards were charged again. ", 100)
)

func ask(p *edition.Printed, method string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/status", http.NoBody)
	for len(header) > 1 {
		r.Header.Set(header[0], header[1])
		header = header[2:]
	}
	w := httptest.NewRecorder()
	p.Serve(w, r)
	return w
}

func TestAnAnswerSaysWhatItIs(t *testing.T) {
	t.Parallel()
	p := edition.Print(http.StatusOK, "text/plain", []byte(text), printedAt).Foreign()
	w := ask(p, http.MethodGet)
	if w.Body.String() != text || w.Header().Get("Content-Type") != "text/plain" || w.Header().Get("Last-Modified") != "Thu, 18 Jul 2013 11:00:00 GMT" ||
		w.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(w.Header().Get("Cache-Control"), "s-maxage") {
		t.Errorf("GET = %v with %d bytes", w.Header(), w.Body.Len())
	}
	if head := ask(p, http.MethodHead); head.Body.Len() != 0 || head.Header().Get("Content-Length") != w.Header().Get("Content-Length") {
		t.Errorf("HEAD = %v with %d bytes, want the headers of GET alone", head.Header(), head.Body.Len())
	}
}

func TestAnAnswerThatIsKnownIsNotSentAgain(t *testing.T) {
	t.Parallel()
	p := edition.Print(http.StatusOK, "text/plain", []byte(text), printedAt)
	tag := ask(p, http.MethodGet).Header().Get("ETag")
	packed := ask(p, http.MethodGet, "Accept-Encoding", "gzip").Header().Get("ETag")
	for _, tt := range []struct {
		header []string
		want   int
	}{
		{[]string{"If-None-Match", tag}, http.StatusNotModified},
		{[]string{"If-None-Match", `"other", W/` + tag}, http.StatusNotModified},
		{[]string{"If-None-Match", `"other"`}, http.StatusOK},
		{[]string{"If-None-Match", packed}, http.StatusOK},
		{[]string{"If-None-Match", packed, "Accept-Encoding", "gzip"}, http.StatusNotModified},
		{[]string{"If-Modified-Since", "Thu, 18 Jul 2013 11:00:00 GMT"}, http.StatusNotModified},
		{[]string{"If-Modified-Since", "Thu, 18 Jul 2013 10:59:59 GMT"}, http.StatusOK},
		{[]string{"If-None-Match", `"other"`, "If-Modified-Since", "Thu, 18 Jul 2013 11:00:00 GMT"}, http.StatusOK},
	} {
		if w := ask(p, http.MethodGet, tt.header...); w.Code != tt.want {
			t.Errorf("with %v the answer is %d, want %d", tt.header, w.Code, tt.want)
		}
	}
	if w := ask(edition.Print(http.StatusNotFound, "text/plain", []byte(text), printedAt), http.MethodGet, "If-None-Match", tag); w.Code != http.StatusNotFound {
		t.Errorf("what is not there is answered with %d", w.Code)
	}
}

func TestPackedAnswersUnpackToTheSame(t *testing.T) {
	t.Parallel()
	p := edition.Print(http.StatusOK, "text/plain", []byte(text), printedAt)
	for accepts, want := range map[string]bool{"gzip": true, "br, gzip;q=0.5": true, "*": true, "gzip;q=0": false, "br": false, "": false, "gzip; q=0.000": false} {
		w := ask(p, http.MethodGet, "Accept-Encoding", accepts)
		if packed := w.Header().Get("Content-Encoding") == "gzip"; packed != want {
			t.Errorf("who accepts %q gets it packed: %v, want %v", accepts, packed, want)
			continue
		}
		body := io.Reader(w.Body)
		if want {
			unpacked, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			body = unpacked
		}
		if got, err := io.ReadAll(body); err != nil || string(got) != text {
			t.Errorf("who accepts %q reads %d bytes, %v", accepts, len(got), err)
		}
	}
}

func TestAnEditionMakesEachAnswerOnce(t *testing.T) {
	t.Parallel()
	var shelf edition.Shelf
	page := &status.Page{}
	first, fresh := shelf.Of(page, false)
	if again, anew := shelf.Of(page, false); !fresh || anew || again != first {
		t.Error("the same page began another edition")
	}
	if other, fresh := shelf.Of(page, true); !fresh || other == first {
		t.Error("the last page that is known is told as if it were new")
	}
	var mu sync.Mutex
	made := 0
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, _ = first.Keep("now", func() (*edition.Printed, error) {
				mu.Lock()
				defer mu.Unlock()
				made++
				return nil, nil
			})
		})
	}
	all.Wait()
	if made != 1 {
		t.Errorf("it was made %d times", made)
	}
}

func TestMadeUpHostsDontFillTheMemory(t *testing.T) {
	t.Parallel()
	var shelf edition.Shelf
	e, _ := shelf.Of(&status.Page{}, false)
	large := make([]byte, 1<<20)
	made := 0
	ask := func(host int) {
		if _, err := e.Keep(fmt.Sprint(host), func() (*edition.Printed, error) {
			made++
			return edition.Print(http.StatusOK, "text/plain", large, printedAt), nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	const hosts = 100 // of 1 MiB each
	for range 2 {
		for host := range hosts {
			ask(host)
		}
	}
	if kept := 2*hosts - made; kept < 32 || kept > 64 {
		t.Errorf("%d answers of 1 MiB are kept, want no more than 64 MiB of them, and not few", kept)
	}
}
