// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/gbrlsnchs/jwt/v3"
	"github.com/google/uuid"
	"github.com/gorilla/mux"
	"golang.org/x/xerrors"

	"github.com/filecoin-project/go-address"
	"github.com/filecoin-project/go-jsonrpc"
	"github.com/filecoin-project/go-jsonrpc/auth"
	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/api"
	"github.com/filecoin-project/lotus/api/client"
	"github.com/filecoin-project/lotus/api/v0api"
	"github.com/filecoin-project/lotus/lib/rpcenc"
	"github.com/filecoin-project/lotus/storage/sealer/sealtasks"
	"github.com/filecoin-project/lotus/storage/sealer/storiface"
)

const actor = 1000

// miner is the miner's side of the worker protocol, over lotus' own published packages: its JSON-RPC server with its permissions and its
// token check, its client of a worker, its pushed readers. What lotus does not publish without its native library (index, manager) is ours.
type miner struct {
	unsupported
	*sectorIndex

	sectorSize abi.SectorSize
	secret     *jwt.HMACSHA
	port       int
	store      *minerStore // nil: the miner has no storage path of its own

	life    sync.Mutex // of everything below
	session uuid.UUID
	server  *http.Server
	conns   *trackedListener
	workers []*connectedWorker
	results map[storiface.CallID]result
	counts  map[string]int
	arrived chan struct{} // closed and renewed at each return

	// beforeReturn, when set, decides what becomes of a return: an error is what the worker gets. Called before it is counted.
	beforeReturn func(method string, call storiface.CallID) error
}

// unsupported is every method that a miner has and this one does not serve; in a type of its own, so that ours come first.
type unsupported struct{ api.StorageMinerStruct }

// result is what came back for a call.
type result struct {
	method string
	value  any
	err    *storiface.CallError
}

// failure is the error of a result, nil when there is none.
func (r result) failure() error {
	if r.err == nil {
		return nil
	}
	return r.err
}

// connectedWorker is a worker that registered.
type connectedWorker struct {
	v0api.Worker
	url     string
	closer  jsonrpc.ClientCloser
	version api.APIVersion
	session uuid.UUID
	info    storiface.WorkerInfo
	types   map[sealtasks.TaskType]struct{}
}

type tokenPayload struct {
	Allow []auth.Permission
}

// newMiner starts one on a free port of the loopback interface.
func newMiner(s *scenario, sectorSize abi.SectorSize) *miner {
	return newMinerWithStore(s, sectorSize, nil)
}

// newMinerWithStore has a storage path of its own.
func newMinerWithStore(s *scenario, sectorSize abi.SectorSize, store *minerStore) *miner {
	m := &miner{sectorSize: sectorSize, store: store, secret: jwt.NewHS256([]byte(uuid.NewString())), results: map[storiface.CallID]result{}, counts: map[string]int{}}
	s.must("the miner starts", m.start())
	s.atEnd(m.stop)
	return m
}

// start serves with a new session and an empty index; on the old port after a stop.
func (m *miner) start() error {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", m.port))
	if err != nil {
		return err
	}
	m.life.Lock()
	defer m.life.Unlock()
	m.port = listener.Addr().(*net.TCPAddr).Port
	m.sectorIndex = newSectorIndex()
	m.session = uuid.New()
	m.workers = nil
	m.arrived = make(chan struct{})
	m.conns = &trackedListener{Listener: listener, open: map[net.Conn]struct{}{}}

	readers, decoder := rpcenc.ReaderParamDecoder()
	rpc := jsonrpc.NewServer(jsonrpc.WithServerErrors(api.RPCErrors), decoder)
	rpc.Register("Filecoin", api.PermissionedStorMinerAPI(m))
	rpc.AliasMethod("rpc.discover", "Filecoin.Discover")
	routes := mux.NewRouter()
	routes.Handle("/rpc/v0", rpc)
	routes.Handle("/rpc/streams/v0/push/{uuid}", readers)
	if m.store != nil {
		routes.PathPrefix("/remote").Handler(m.store)
	}
	m.server = &http.Server{Handler: &auth.Handler{Verify: m.AuthVerify, Next: routes.ServeHTTP}, ReadHeaderTimeout: 30 * time.Second}
	go m.server.Serve(m.conns) //nolint:errcheck // ends with stop
	if m.store != nil {
		return m.store.attach(m)
	}
	return nil
}

// stop closes the listener and every connection, as the end of the process does. Results stay, as a miner keeps them in its datastore.
func (m *miner) stop() {
	m.life.Lock()
	server, conns, workers := m.server, m.conns, m.workers
	m.workers = nil
	m.life.Unlock()
	conns.Close()  //nolint:errcheck // the server closes it too, if it began to serve
	server.Close() //nolint:errcheck
	for _, worker := range workers {
		worker.closer()
	}
}

// tokenWith signs a token; lotus' form.
func (m *miner) tokenWith(permissions ...auth.Permission) string {
	token, err := jwt.Sign(&tokenPayload{Allow: permissions}, m.secret)
	if err != nil {
		panic(err)
	}
	return string(token)
}

// apiInfo is what MINER_API_INFO holds.
func (m *miner) apiInfo() string {
	return fmt.Sprintf("%s:/ip4/127.0.0.1/tcp/%d/http", m.tokenWith(api.AllPermissions...), m.port)
}

func (m *miner) url() string { return fmt.Sprintf("http://127.0.0.1:%d", m.port) }

// header is what a miner sends to workers: a token with `admin` alone.
func (m *miner) header() http.Header { return bearer(m.tokenWith(api.PermAdmin)) }

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// What every API has.

func (m *miner) AuthVerify(_ context.Context, token string) ([]auth.Permission, error) {
	var payload tokenPayload
	if _, err := jwt.Verify([]byte(token), m.secret, &payload); err != nil {
		return nil, xerrors.Errorf("JWT Verification failed: %w", err)
	}
	return payload.Allow, nil
}

func (m *miner) StorageAuthVerify(ctx context.Context, token string) ([]auth.Permission, error) {
	return m.AuthVerify(ctx, token)
}

func (m *miner) AuthNew(_ context.Context, permissions []auth.Permission) ([]byte, error) {
	return []byte(m.tokenWith(permissions...)), nil
}

func (m *miner) Version(context.Context) (api.APIVersion, error) {
	return api.APIVersion{Version: "interop peer", APIVersion: api.MinerAPIVersion0}, nil
}

func (m *miner) Session(context.Context) (uuid.UUID, error) {
	m.count("Session")
	m.life.Lock()
	defer m.life.Unlock()
	return m.session, nil
}

func (m *miner) ActorAddress(context.Context) (address.Address, error) {
	return address.NewIDAddress(actor)
}

func (m *miner) ActorSectorSize(context.Context, address.Address) (abi.SectorSize, error) {
	return m.sectorSize, nil
}

// ComputeDataCid hands its reader on to the first worker, as a miner does: the data then go from their source to the worker.
func (m *miner) ComputeDataCid(ctx context.Context, size abi.UnpaddedPieceSize, data storiface.Data) (abi.PieceInfo, error) {
	worker := m.worker("")
	if worker == nil {
		return abi.PieceInfo{}, xerrors.New("no worker")
	}
	call, err := worker.DataCid(ctx, size, data)
	if err != nil {
		return abi.PieceInfo{}, err
	}
	got, err := m.wait(ctx, call)
	if err != nil {
		return abi.PieceInfo{}, err
	}
	piece, _ := got.value.(abi.PieceInfo)
	return piece, got.failure()
}

// WorkerConnect calls back as a miner does: Version, Session, Info, TaskTypes.
func (m *miner) WorkerConnect(ctx context.Context, url string) error {
	m.count("WorkerConnect")
	rpc, closer, err := client.NewWorkerRPCV0(context.Background(), url, m.header())
	if err != nil {
		return xerrors.Errorf("creating jsonrpc client: %w", err)
	}
	worker := &connectedWorker{Worker: rpc, url: url, closer: closer}
	accept := func() error {
		version, err := rpc.Version(ctx)
		if err != nil {
			return err
		}
		worker.version.APIVersion = version
		if !version.EqMajorMinor(api.WorkerAPIVersion0) {
			return xerrors.Errorf("unsupported worker api version: %s (expected %s)", version, api.WorkerAPIVersion0)
		}
		if worker.session, err = rpc.Session(ctx); err != nil {
			return xerrors.Errorf("getting worker session: %w", err)
		}
		if worker.session == (uuid.UUID{}) {
			return xerrors.New("worker already closed")
		}
		if worker.info, err = rpc.Info(ctx); err != nil {
			return xerrors.Errorf("getting worker info: %w", err)
		}
		if worker.types, err = rpc.TaskTypes(ctx); err != nil {
			return xerrors.Errorf("getting supported worker task types: %w", err)
		}
		return nil
	}
	if err := accept(); err != nil {
		closer()
		return err
	}
	m.life.Lock()
	defer m.life.Unlock()
	m.workers = append(m.workers, worker)
	return nil
}

// worker is the one with this name that registered last; "" is any; nil when there is none.
func (m *miner) worker(name string) *connectedWorker {
	m.life.Lock()
	defer m.life.Unlock()
	for i := len(m.workers) - 1; i >= 0; i-- {
		if name == "" || m.workers[i].info.Hostname == name {
			return m.workers[i]
		}
	}
	return nil
}

func (m *miner) count(method string) {
	m.life.Lock()
	defer m.life.Unlock()
	m.counts[method]++
}

func (m *miner) counted(method string) int {
	m.life.Lock()
	defer m.life.Unlock()
	return m.counts[method]
}

// wait for what a call gives back; it may have come before the call's own reply was read.
func (m *miner) wait(ctx context.Context, call storiface.CallID) (result, error) {
	for {
		m.life.Lock()
		got, found := m.results[call]
		arrived := m.arrived
		m.life.Unlock()
		if found {
			return got, nil
		}
		select {
		case <-arrived:
		case <-time.After(patience / 8): // a restart renewed the channel meanwhile
		case <-ctx.Done():
			return result{}, xerrors.Errorf("waiting for the result of %s: %w", call, ctx.Err())
		}
	}
}

// trackedListener knows its open connections, to cut them.
type trackedListener struct {
	net.Listener
	mu   sync.Mutex
	open map[net.Conn]struct{}
}

type trackedConn struct {
	net.Conn
	from *trackedListener
}

func (l *trackedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	tracked := &trackedConn{conn, l}
	l.open[tracked] = struct{}{}
	return tracked, nil
}

func (c *trackedConn) Close() error {
	c.from.mu.Lock()
	delete(c.from.open, c)
	c.from.mu.Unlock()
	return c.Conn.Close()
}

// cut resets every open connection.
func (l *trackedListener) cut() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.open {
		if tcp, ok := conn.(*trackedConn).Conn.(*net.TCPConn); ok {
			tcp.SetLinger(0) //nolint:errcheck
		}
		conn.(*trackedConn).Conn.Close() //nolint:errcheck
	}
	return len(l.open)
}

// cutConnections resets what workers have open to the miner.
func (m *miner) cutConnections() int {
	m.life.Lock()
	conns := m.conns
	m.life.Unlock()
	return conns.cut()
}

// folderIn is a folder below that of the scenario.
func folderIn(s *scenario, name string) string { return filepath.Join(s.folder, name) }

// get asks a worker's or a miner's HTTP route.
func (m *miner) get(method, address string, header http.Header, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequest(method, address, body)
	if err != nil {
		return nil, err
	}
	request.Header = m.header()
	for key, values := range header {
		request.Header[key] = values
	}
	return http.DefaultClient.Do(request)
}
