package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// patience is how long one answer may take.
const patience = 2 * time.Minute

// target is a server that is asked.
type target struct {
	address string // host:port
	header  string // lines that go with each request
}

// ask is one request, and what its answer must be.
type ask struct {
	method, path string
	header       string // lines, each with its end
	body         []byte
	want         int
	holds        []byte // a piece of the answer; nil is not looked for
	count        []byte // with least and most: how often it stands in the answer
	least, most  int    // most 0 is no bound
}

// line is a connection that persists. It asks with as little as HTTP needs, so that less of what is measured is ours.
type line struct {
	to   *target
	conn net.Conn
	in   *bufio.Reader
	out  []byte
	body bytes.Buffer
}

// answer is how a request was answered.
type answer struct {
	status int // 0 when it was not
	header http.Header
	body   []byte // valid until the line asks again
}

// ask sends a request and reads the whole answer. It fails, too, when that is not what it must be.
func (l *line) ask(ctx context.Context, a *ask) (answer, error) {
	if l.conn == nil {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.to.address)
		if err != nil {
			return answer{}, err
		}
		l.conn, l.in = conn, bufio.NewReaderSize(conn, 32<<10)
	}
	if err := l.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return answer{}, err
	}
	l.out = append(l.out[:0], a.method...)
	l.out = append(l.out, ' ')
	l.out = append(l.out, a.path...)
	l.out = append(l.out, " HTTP/1.1\r\nHost: bench\r\n"...)
	l.out = append(append(l.out, l.to.header...), a.header...)
	if a.body != nil {
		l.out = append(l.out, "Content-Type: application/json\r\nContent-Length: "...)
		l.out = strconv.AppendInt(l.out, int64(len(a.body)), 10)
		l.out = append(l.out, "\r\n"...)
	}
	l.out = append(append(l.out, "\r\n"...), a.body...)
	if _, err := l.conn.Write(l.out); err != nil {
		return answer{}, err
	}
	res, err := http.ReadResponse(l.in, &http.Request{Method: a.method})
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }() // it was read to its end
	l.body.Reset()
	if _, err := l.body.ReadFrom(res.Body); err != nil {
		return answer{}, err
	}
	return answer{res.StatusCode, res.Header, l.body.Bytes()}, a.wrong(res.StatusCode, l.body.Bytes())
}

// wrong says what an answer should not be.
func (a *ask) wrong(status int, body []byte) error {
	what := ""
	switch found := bytes.Count(body, a.count); {
	case status != a.want:
		what = fmt.Sprintf("the status %d, not %d", status, a.want)
	case a.holds != nil && !bytes.Contains(body, a.holds):
		what = fmt.Sprintf("no %q", a.holds)
	case a.count != nil && (found < a.least || a.most > 0 && found > a.most):
		what = fmt.Sprintf("%q %d times, not %d to %d times", a.count, found, a.least, a.most)
	}
	if what == "" {
		return nil
	}
	return fmt.Errorf("%s %s answers with %s: %.300s", a.method, a.path, what, body)
}

func (l *line) close() {
	if l.conn != nil {
		_ = l.conn.Close() // all answers were read
	}
}

// once asks over a connection of its own, and keeps the answer.
func (t *target) once(ctx context.Context, a ask) (http.Header, []byte, error) {
	l := &line{to: t}
	defer l.close()
	got, err := l.ask(ctx, &a)
	if err != nil {
		return nil, nil, err
	}
	return got.header, bytes.Clone(got.body), nil
}

// listen serves a handler on this machine until the context ends, with the limits of "debrief serve".
func listen(ctx context.Context, h http.Handler) (*target, func(), error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: patience, WriteTimeout: patience, IdleTimeout: patience}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }() // its error is that it was closed
	return &target{address: l.Addr().String()}, func() { _ = server.Close(); <-done }, nil
}

// fixed answers with the same bytes always.
type fixed struct {
	header http.Header
	body   []byte
}

func (f fixed) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	for name, values := range f.header {
		w.Header()[name] = values
	}
	_, _ = io.Copy(w, bytes.NewReader(f.body)) // the other side counts what it gets
}
