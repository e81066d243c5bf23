// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/api/client"
	"github.com/filecoin-project/lotus/lib/httpreader"
	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

// streams gives the worker data in every way that lotus has: zeros, pushed by the caller, pushed by somebody that the miner redirects,
// fetched from an address; too much, too little, broken off.
func streams(s *scenario) {
	m := newMiner(s, 8<<20)
	w := startWorker(s, m, "w1")
	ctx := context.Background()
	dataCid := func(what string, size abi.UnpaddedPieceSize, data storiface.Data) result {
		return w.task("DataCid of "+what, func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
			call, err := rpc.DataCid(ctx, size, data)
			s.equal("the sector of a DataCid call", call.Sector, abi.SectorID{})
			return call, err
		})
	}
	check := func(what string, size abi.UnpaddedPieceSize, data storiface.Data, content []byte) {
		got := dataCid(what, size, data)
		s.noError("DataCid of "+what, got.failure())
		s.equal("DataCid of "+what, got.value, abi.PieceInfo{Size: size.Padded(), PieceCID: pieceCommitment(content, size)})
	}
	const size = abi.UnpaddedPieceSize(1016)
	content := dataOf(int(size), 1)
	check("zeros", size, zeros(size), nil)
	check("pushed data", size, bytes.NewReader(content), content)
	check("pushed data that are too short", size, bytes.NewReader(content[:700]), content[:700])
	check("nothing pushed", size, bytes.NewReader(nil), nil)
	check("pushed data that are too long", size, bytes.NewReader(dataOf(3*int(size), 1)), dataOf(3*int(size), 1)[:size])
	const large = abi.UnpaddedPieceSize(8<<20) / 128 * 127
	check("8 MiB, in pieces of another size", large, io.MultiReader(bytes.NewReader(dataOf(5_000_001, 2)), bytes.NewReader(dataOf(int(large)-5_000_001, 3))),
		append(dataOf(5_000_001, 2), dataOf(int(large)-5_000_001, 3)...))

	// The miner hands on a reader that came to it over RPC: the source is sent to the worker, and the miner reads nothing.
	viaMiner, closer, err := client.NewStorageMinerRPCV0(ctx, m.url()+"/rpc/v0", m.header())
	s.must("a client of the miner", err)
	defer closer()
	source := &countingReader{from: bytes.NewReader(content)}
	piece, err := viaMiner.ComputeDataCid(ctx, size, source)
	s.must("ComputeDataCid through the miner", err)
	s.equal("ComputeDataCid through the miner", piece, abi.PieceInfo{Size: size.Padded(), PieceCID: pieceCommitment(content, size)})
	s.isTrue("the source was read", source.read.Load() >= int64(size))

	var authorization atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		authorization.Store(r.Header.Get("Authorization"))
		if r.URL.Path == "/data" && r.URL.RawQuery == "x=1" {
			out.Write(content) //nolint:errcheck
			return
		}
		out.WriteHeader(http.StatusNotFound)
	}))
	defer server.Close()
	check("data at an address", size, &httpreader.HttpReader{URL: server.URL + "/data?x=1"}, content)
	s.equal("no token goes to an address that a call names", authorization.Load(), "")
	s.callError("data at an address without any", dataCid("data at an address without any", size, &httpreader.HttpReader{URL: server.URL + "/nothing"}).failure(),
		storiface.ErrUnknown, "pr read error: unexpected http status 404 [name: w1]")

	// A source that fails breaks the connection off.
	broken := io.MultiReader(bytes.NewReader(content[:100]), failingReader{})
	s.callError("data that break off", dataCid("data that break off", size, broken).failure(), storiface.ErrUnknown, "pr read error: unexpected EOF [name: w1]")

	streamRoute(s, m, w, content)
	s.must("WaitQuiet", w.rpc().WaitQuiet(ctx))
}

// streamRoute looks at the route itself, which takes requests without a token, as lotus' clients send them.
func streamRoute(s *scenario, m *miner, w *workerProcess, content []byte) {
	base := "http://" + w.address() + "/rpc/streams/v0/push/"
	status := func(method, url, token string, body io.Reader) int {
		request, err := http.NewRequest(method, url, body)
		s.must("a request", err)
		if token != "" {
			request.Header.Set("Authorization", token)
		}
		response, err := http.DefaultClient.Do(request)
		s.must(method+" on the push route", err)
		defer response.Body.Close() //nolint:errcheck
		return response.StatusCode
	}
	s.equal("a push to something that is no UUID", status("POST", base+"not-a-uuid", "", bytes.NewReader(content)), 400)
	s.equal("a push with a wrong token", status("POST", base+uuid.NewString(), "Bearer nonsense", bytes.NewReader(content)), 401)
	s.equal("another method on the push route", status("GET", base+uuid.NewString(), "", nil), 405)

	// An older client pushes without asking first; the call comes before or after it.
	for _, first := range []bool{true, false} {
		id := uuid.New()
		pushed := make(chan int, 1)
		push := func() { pushed <- status("POST", base+id.String(), "", bytes.NewReader(content)) }
		var raw struct {
			DataCid func(context.Context, abi.UnpaddedPieceSize, map[string]string) (storiface.CallID, error)
		}
		closer := rawClient(s, m, w, &raw)
		if first {
			go push()
		}
		calls := make(chan storiface.CallID, 1)
		go func() {
			call, err := raw.DataCid(context.Background(), 1016, map[string]string{"Type": "push", "Info": id.String()})
			s.noError("DataCid with a push of one's own", err)
			calls <- call
		}()
		if !first {
			go push()
		}
		got, err := m.wait(context.Background(), <-calls)
		s.must("DataCid with a push of one's own", err)
		s.noError("DataCid with a push of one's own", got.failure())
		s.equal("DataCid with a push of one's own", got.value, abi.PieceInfo{Size: 1024, PieceCID: pieceCommitment(content, 1016)})
		s.equal("the status of that push", <-pushed, 200)
		closer()
	}

	// References that no client of lotus' makes.
	var raw struct {
		DataCid func(context.Context, abi.UnpaddedPieceSize, any) (storiface.CallID, error)
	}
	defer rawClient(s, m, w, &raw)()
	for _, one := range []struct {
		what  string
		given any
		want  string
	}{
		{"a number", 5, "unmarshaling reader id: json: cannot unmarshal number into Go value of type rpcenc.ReaderStream"},
		{"a count that is none", map[string]string{"Type": "null", "Info": "x"}, `parsing null byte count: strconv.ParseInt: parsing "x": invalid syntax`},
		{"a UUID that is none", map[string]string{"Type": "push", "Info": "nope"}, "parsing reader UUDD: invalid UUID length: 4"},
	} {
		_, err := raw.DataCid(context.Background(), 1016, one.given)
		s.errorText("DataCid with "+one.what+" as its data", err, "RPC error (-32700): decoding params for 'Filecoin.DataCid' (param: 1; custom decoder): "+one.want)
	}
}

type countingReader struct {
	from io.Reader
	read atomic.Int64
}

func (r *countingReader) Read(into []byte) (int, error) {
	n, err := r.from.Read(into)
	r.read.Add(int64(n))
	return n, err
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("the source is gone") }
