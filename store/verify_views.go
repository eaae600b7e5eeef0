package store

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// saidView is what history says of a view that is kept.
type saidView struct {
	value json.RawMessage // nil when it was erased: not known any more
	by    int64           // who keeps it
}

// saidViews are those, by the paths of history.
type saidViews map[string]saidView

// note takes in a row.
func (all saidViews) note(b body, values []*keptValue) {
	for i, c := range b.Changes {
		switch {
		case !strings.HasPrefix(c.Path, viewsPath):
		case b.Did == didDropView:
			delete(all, c.Path)
		case values[i] == nil:
			all[c.Path] = saidView{nil, b.By}
		default:
			all[c.Path] = saidView{values[i].Value, b.By}
		}
	}
}

// auditViews gives all views, and whose they are.
const auditViews = `
	select   ` + viewColumns + `, coalesce(v.person, 0), v.folded
	from     views v
	order by v.id`

// auditedView is a row of views.
type auditedView struct {
	View
	person int64 // 0: everybody's
	folded string
}

func (i *installation) queueViews(b *pgx.Batch) {
	b.Queue(auditViews).Query(func(rows pgx.Rows) (err error) {
		i.views, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (v auditedView, err error) {
			err = row.Scan(append(v.targets(), &v.person, &v.folded)...)
			return v, err
		})
		return err
	})
}

// compareViews compares them with what history says, which is used up.
func (v *verifying) compareViews(c *chained, views []auditedView) error {
	for _, kept := range views {
		path := viewsPath + strconv.FormatInt(kept.ID, 10)
		is, err := encode(kept.View)
		if err != nil {
			return err
		}
		said, known := v.views[path]
		delete(v.views, path)
		switch {
		case !known || said.value != nil && !bytes.Equal(said.value, is):
			v.find(0, c.version, "%s is not as history says", path)
		case kept.person != 0 && kept.person != said.by:
			v.find(0, c.version, "%s is another person's than history says", path)
		case kept.folded != fold(kept.Name):
			v.find(0, c.version, "%s is looked up by another name", path)
		}
	}
	for path := range v.views {
		v.find(0, c.version, "%s is gone", path)
	}
	return nil
}
