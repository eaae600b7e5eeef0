package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	clients  = 8    // connections to each server, which persist
	steady   = 0.05 // how far two windows may be apart once a side is warm
	mostWarm = 12   // windows that are thrown away at most
)

// side is one way to get something done, as often as it can be in a window.
type side struct {
	name    string
	workers int // at once; 0 is clients
	// do does it once: k counts from 0 over the whole run. It tells how many units that were.
	do func(ctx context.Context, worker int, k int64) (units int, err error)
}

// window is what a side did in one.
type window struct {
	rate   float64 // units a second
	cpu    float64 // seconds of this process for a unit
	took   []float64
	warmUp bool
}

// runner counts what a side has done.
type runner struct {
	side
	count   atomic.Int64
	windows []window
}

// open runs one window: whatever has begun is finished, and counts with the time that it took.
func (r *runner) open(ctx context.Context, length time.Duration, warmUp bool) error {
	workers := r.workers
	if workers == 0 {
		workers = clients
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	var failed error
	units, w := 0, window{warmUp: warmUp}
	began, spent := time.Now(), processorTime()
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			var took []float64
			mine := 0
			for time.Since(began) < length && ctx.Err() == nil {
				start := time.Now()
				n, err := r.do(ctx, worker, r.count.Add(1)-1)
				if err != nil {
					mu.Lock()
					failed = errors.Join(failed, fmt.Errorf("%s: %w", r.name, err))
					mu.Unlock()
					cancel()
					return
				}
				mine += n
				took = append(took, time.Since(start).Seconds()/float64(max(1, n)))
			}
			mu.Lock()
			defer mu.Unlock()
			units, w.took = units+mine, append(w.took, took...)
		})
	}
	all.Wait()
	if failed != nil {
		return failed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w.rate, w.cpu = float64(units)/time.Since(began).Seconds(), (processorTime()-spent)/float64(max(1, units))
	r.windows = append(r.windows, w)
	return nil
}

// isSteady tells whether the last two windows agree.
func (r *runner) isSteady() bool {
	if len(r.windows) < 2 {
		return false
	}
	a, b := r.windows[len(r.windows)-2].rate, r.windows[len(r.windows)-1].rate
	return math.Abs(a-b) <= steady*max(a, b)
}

// measure warms all sides up and runs the rounds, in which the sides take turns at being first.
func measure(ctx context.Context, sides []side, rounds int, length time.Duration) ([]*runner, error) {
	all := make([]*runner, len(sides))
	for i, s := range sides {
		all[i] = &runner{side: s}
	}
	for range mostWarm {
		for _, r := range all {
			if err := r.open(ctx, length, true); err != nil {
				return nil, err
			}
		}
		if !slices.ContainsFunc(all, func(r *runner) bool { return !r.isSteady() }) {
			break
		}
	}
	for round := range rounds {
		for i := range all {
			if err := all[(round+i)%len(all)].open(ctx, length, false); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// middle is the median; NaN of nothing.
func middle(all []float64) float64 { return quantile(all, 0.5) }

// quantile is the value below which a share of all is.
func quantile(all []float64, share float64) float64 {
	if len(all) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(all))
	at := share * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (sorted[high]-sorted[low])*(at-float64(low))
}
