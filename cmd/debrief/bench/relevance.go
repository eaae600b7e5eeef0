package bench

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/relevance"
)

// relevant is the database that questions are asked of.
const relevant = "debrief_bench_relevance"

// Relevance files the samples of a directory into a database of their own and tells how well its questions are answered.
func Relevance(ctx context.Context, o Options, dir string) (report *relevance.Report, err error) {
	p, err := o.openPlace(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.run(ctx, `drop database if exists `+relevant); err != nil {
		return nil, err
	}
	if err := p.run(ctx, `create database `+relevant+p.owner); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.run(context.WithoutCancel(ctx), `drop database `+relevant)) }()
	address, err := p.of(relevant)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx, address); err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, store.Options{URL: address, Key: key})
	if err != nil {
		return nil, err
	}
	defer st.Close()
	if report, err = relevance.Measure(ctx, st, store.System(), os.DirFS(dir)); err != nil {
		return nil, fmt.Errorf("ask the questions of %s: %w", dir, err)
	}
	return report, nil
}
