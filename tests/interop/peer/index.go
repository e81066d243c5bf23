// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"context"
	"net/url"
	"path"
	"slices"
	"sort"
	"sync"
	"time"

	"golang.org/x/xerrors"

	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/storage/sealer/fsutil"
	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

// sectorIndex is who holds which file of which sector, in memory; its answers are those of a miner's index.
type sectorIndex struct {
	mu      sync.Mutex
	paths   map[storiface.ID]*indexPath
	holders map[indexKey]map[storiface.ID]bool // value: primary
	drops   []indexDrop
}

type indexPath struct {
	info   storiface.StorageInfo
	stat   fsutil.FsStat
	heard  time.Time
	health string
}

type indexKey struct {
	sector abi.SectorID
	file   storiface.SectorFileType
}

// indexDrop is a StorageDropSector that came in; tests look at their order.
type indexDrop struct {
	id storiface.ID
	indexKey
}

const heartbeatTimeout = 50 * time.Second

func newSectorIndex() *sectorIndex {
	return &sectorIndex{paths: map[storiface.ID]*indexPath{}, holders: map[indexKey]map[storiface.ID]bool{}}
}

// knownTypes keeps what a miner's index keeps of a list of types; its answers have an empty list where the worker sent null.
func knownTypes(names []string) []string {
	out := []string{}
	for _, name := range names {
		if _, err := storiface.TypeFromString(name); err == nil {
			out = append(out, name)
		}
	}
	return out
}

func (x *sectorIndex) StorageAttach(_ context.Context, info storiface.StorageInfo, stat fsutil.FsStat) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	info.AllowTypes, info.DenyTypes = knownTypes(info.AllowTypes), knownTypes(info.DenyTypes)
	old, known := x.paths[info.ID]
	if !known {
		x.paths[info.ID] = &indexPath{info: info, stat: stat, heard: time.Now()}
		return nil
	}
	urls := old.info.URLs
	for _, one := range info.URLs {
		if _, err := url.Parse(one); err != nil {
			return xerrors.Errorf("failed to parse url %s: %w", one, err)
		}
		if !slices.Contains(urls, one) {
			urls = append(urls, one)
		}
	}
	info.URLs = urls
	old.info = info
	return nil
}

func (x *sectorIndex) StorageDetach(_ context.Context, id storiface.ID, one string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	entry, known := x.paths[id]
	if !known {
		return xerrors.Errorf("storage '%s' isn't registered", id)
	}
	left := slices.DeleteFunc(slices.Clone(entry.info.URLs), func(known string) bool { return known == one })
	if len(left) > 0 && len(entry.info.URLs) > 1 {
		entry.info.URLs = left
		return nil
	}
	if len(left) > 0 {
		return xerrors.Errorf("not dropping path, requested and index urls don't match ('%s' != '%s')", one, left[0])
	}
	delete(x.paths, id)
	for key, holders := range x.holders {
		delete(holders, id)
		if len(holders) == 0 {
			delete(x.holders, key)
		}
	}
	return nil
}

func (x *sectorIndex) StorageInfo(_ context.Context, id storiface.ID) (storiface.StorageInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	entry, known := x.paths[id]
	if !known {
		return storiface.StorageInfo{}, xerrors.New("sector store not found")
	}
	return entry.info, nil
}

func (x *sectorIndex) StorageReportHealth(_ context.Context, id storiface.ID, report storiface.HealthReport) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	entry, known := x.paths[id]
	if !known {
		return xerrors.Errorf("health report for unknown storage: %s", id)
	}
	entry.stat, entry.health, entry.heard = report.Stat, report.Err, time.Now()
	return nil
}

func (x *sectorIndex) StorageDeclareSector(_ context.Context, id storiface.ID, sector abi.SectorID, types storiface.SectorFileType, primary bool) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, file := range types.AllSet() {
		key := indexKey{sector, file}
		if x.holders[key] == nil {
			x.holders[key] = map[storiface.ID]bool{}
		}
		x.holders[key][id] = x.holders[key][id] || primary
	}
	return nil
}

func (x *sectorIndex) StorageDropSector(_ context.Context, id storiface.ID, sector abi.SectorID, types storiface.SectorFileType) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, file := range types.AllSet() {
		key := indexKey{sector, file}
		delete(x.holders[key], id)
		if len(x.holders[key]) == 0 {
			delete(x.holders, key)
		}
		x.drops = append(x.drops, indexDrop{id, key})
	}
	return nil
}

func (x *sectorIndex) StorageFindSector(_ context.Context, sector abi.SectorID, types storiface.SectorFileType, size abi.SectorSize, allowFetch bool) ([]storiface.SectorStorageInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	counts, primaries := map[storiface.ID]uint64{}, map[storiface.ID]bool{}
	for _, file := range types.AllSet() {
		for id, primary := range x.holders[indexKey{sector, file}] {
			counts[id]++
			primaries[id] = primaries[id] || primary
		}
	}
	out := []storiface.SectorStorageInfo{}
	for id, count := range counts {
		if entry, known := x.paths[id]; known {
			out = append(out, sectorStorageInfo(entry.info, entry.info.Weight*count, primaries[id], types, sector))
		}
	}
	if allowFetch {
		need, err := types.SealSpaceUse(size)
		if err != nil {
			return nil, err
		}
		for id, entry := range x.paths {
			if counts[id] == 0 && entry.info.CanSeal && entry.isAlive() && uint64(entry.stat.Available) >= need &&
				types.AnyAllowed(entry.info.AllowTypes, entry.info.DenyTypes) {
				out = append(out, sectorStorageInfo(entry.info, 0, false, types, sector))
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out, nil
}

func sectorStorageInfo(info storiface.StorageInfo, weight uint64, primary bool, types storiface.SectorFileType, sector abi.SectorID) storiface.SectorStorageInfo {
	var urls []string
	for _, base := range info.URLs {
		parsed, err := url.Parse(base)
		if err != nil {
			continue
		}
		parsed.Path = path.Join(parsed.Path, types.String(), storiface.SectorName(sector))
		urls = append(urls, parsed.String())
	}
	return storiface.SectorStorageInfo{ID: info.ID, URLs: urls, BaseURLs: info.URLs, Weight: weight, CanSeal: info.CanSeal, CanStore: info.CanStore,
		Primary: primary, AllowTypes: info.AllowTypes, DenyTypes: info.DenyTypes, AllowMiners: info.AllowMiners, DenyMiners: info.DenyMiners}
}

func (p *indexPath) isAlive() bool { return time.Since(p.heard) < heartbeatTimeout && p.health == "" }

func (x *sectorIndex) StorageBestAlloc(_ context.Context, types storiface.SectorFileType, size abi.SectorSize, kind storiface.PathType, _ abi.ActorID) ([]storiface.StorageInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	need, err := types.StoreSpaceUse(size)
	if kind == storiface.PathSealing {
		need, err = types.SealSpaceUse(size)
	}
	if err != nil {
		return nil, xerrors.Errorf("estimating required space: %w", err)
	}
	var fitting []*indexPath
	for _, entry := range x.paths {
		if (kind == storiface.PathSealing && !entry.info.CanSeal) || (kind == storiface.PathStorage && !entry.info.CanStore) {
			continue
		}
		if entry.isAlive() && uint64(entry.stat.Available) >= need {
			fitting = append(fitting, entry)
		}
	}
	if len(fitting) == 0 {
		return nil, xerrors.New("no good path found")
	}
	sort.Slice(fitting, func(i, j int) bool {
		return float64(fitting[i].stat.Available)*float64(fitting[i].info.Weight) > float64(fitting[j].stat.Available)*float64(fitting[j].info.Weight)
	})
	out := make([]storiface.StorageInfo, len(fitting))
	for i, entry := range fitting {
		out[i] = entry.info
	}
	return out, nil
}

func (x *sectorIndex) StorageList(context.Context) (map[storiface.ID][]storiface.Decl, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	types := map[storiface.ID]map[abi.SectorID]storiface.SectorFileType{}
	for id := range x.paths {
		types[id] = map[abi.SectorID]storiface.SectorFileType{}
	}
	for key, holders := range x.holders {
		for id := range holders {
			if types[id] != nil {
				types[id][key.sector] |= key.file
			}
		}
	}
	out := map[storiface.ID][]storiface.Decl{}
	for id, sectors := range types {
		out[id] = []storiface.Decl{}
		for sector, files := range sectors {
			out[id] = append(out[id], storiface.Decl{SectorID: sector, SectorFileType: files})
		}
	}
	return out, nil
}

// held is the mask of types that a path has of a sector, by the index.
func (x *sectorIndex) held(id storiface.ID, sector abi.SectorID) (types, primary storiface.SectorFileType) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for key, holders := range x.holders {
		if isPrimary, holds := holders[id]; holds && key.sector == sector {
			types |= key.file
			if isPrimary {
				primary |= key.file
			}
		}
	}
	return types, primary
}

// total is the mask of types that anybody has of a sector.
func (x *sectorIndex) total(sector abi.SectorID) storiface.SectorFileType {
	x.mu.Lock()
	defer x.mu.Unlock()
	types := storiface.FTNone
	for key := range x.holders {
		if key.sector == sector {
			types |= key.file
		}
	}
	return types
}

func (x *sectorIndex) has(id storiface.ID) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.paths[id] != nil
}
