<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>ViewText</name>
    <message>
        <source>Not started</source>
        <translation>未启动</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>Incompatible</source>
        <translation>版本不兼容</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Finishing</source>
        <translation>正在收尾</translation>
    </message>
    <message numerus="yes">
        <source>Finishing: %n task(s) running, then the worker stops.</source>
        <translation>
            <numerusform>正在收尾：%n 个任务正在运行，完成后工作节点停止。</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused: no task begins until the worker is resumed; running tasks go on.</source>
        <translation>已暂停：恢复之前不会开始新任务，正在运行的任务继续。</translation>
    </message>
    <message numerus="yes">
        <source>Draining: no new tasks are taken; %n task(s) left, then the worker stops.</source>
        <translation>
            <numerusform>正在收尾：不接受新任务；剩余 %n 个任务，完成后工作节点停止。</numerusform>
        </translation>
    </message>
    <message>
        <source>waiting: the worker begins no tasks</source>
        <translation>等待：工作节点暂不开始任务</translation>
    </message>
    <message>
        <source>waiting for an earlier task of the sector</source>
        <translation>等待同一扇区的前一个任务</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>正在封装</translation>
    </message>
    <message>
        <source>Disconnected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>The worker is not started.</source>
        <translation>工作节点尚未启动。</translation>
    </message>
    <message>
        <source>Connecting to the miner at %1.</source>
        <translation>正在连接矿工节点 %1。</translation>
    </message>
    <message>
        <source>The miner at %1 answers; registering with it.</source>
        <translation>矿工节点 %1 已应答，正在注册。</translation>
    </message>
    <message>
        <source>The miner at %1 refused the token; new tasks cannot start.</source>
        <translation>矿工节点 %1 拒绝了令牌，无法开始新任务。</translation>
    </message>
    <message>
        <source>The miner at %1 speaks another version.</source>
        <translation>矿工节点 %1 使用的协议版本不同。</translation>
    </message>
    <message>
        <source>The miner at %1 does not answer. Running tasks go on.</source>
        <translation>矿工节点 %1 没有应答。正在运行的任务会继续。</translation>
    </message>
    <message numerus="yes">
        <source>%n finished result(s) wait to be delivered.</source>
        <translation>
            <numerusform>%n 个已完成的结果等待提交。</numerusform>
        </translation>
    </message>
    <message>
        <source>Connected to miner %1; new tasks are refused until it is enabled again.</source>
        <translation>已连接矿工号 %1；重新启用之前不接受新任务。</translation>
    </message>
    <message>
        <source>Connected to miner %1. It has not asked for anything yet.</source>
        <translation>已连接矿工号 %1，它还没有分配任务。</translation>
    </message>
    <message>
        <source>Connected to miner %1.</source>
        <translation>已连接矿工号 %1。</translation>
    </message>
    <message numerus="yes">
        <source>%n task(s) running,</source>
        <translation>
            <numerusform>%n 个任务正在运行，</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting.</source>
        <translation>
            <numerusform>%n 个等待。</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopping: the running tasks are being ended, finished results delivered.</source>
        <translation>正在停止：结束运行中的任务，并提交已完成的结果。</translation>
    </message>
    <message>
        <source>The worker is stopped.</source>
        <translation>工作节点已停止。</translation>
    </message>
    <message>
        <source>Something that was entered cannot be used.</source>
        <translation>输入的内容无法使用。</translation>
    </message>
    <message>
        <source>Something that is needed is not there.</source>
        <translation>缺少所需的内容。</translation>
    </message>
    <message>
        <source>Something is in the way: another program uses the port, or a file exists already.</source>
        <translation>有冲突：端口被其他程序占用，或文件已存在。</translation>
    </message>
    <message>
        <source>Access was refused: check the token, or who owns the folder.</source>
        <translation>访问被拒绝：请检查令牌，或文件夹的所有者。</translation>
    </message>
    <message>
        <source>This is not supported here.</source>
        <translation>此处不支持该功能。</translation>
    </message>
    <message>
        <source>Something required is not installed, or there is not enough memory for it.</source>
        <translation>缺少必需的组件，或内存不足。</translation>
    </message>
    <message>
        <source>No miner was found on this computer. Try the practice mode, or say where the miner is with MINER_API_INFO or LOTUS_MINER_PATH.</source>
        <translation>在这台电脑上没有找到矿工节点。可以先试试练习模式，或用 MINER_API_INFO 或 LOTUS_MINER_PATH 指明矿工节点的位置。</translation>
    </message>
    <message>
        <source>The worker is not running.</source>
        <translation>工作节点没有运行。</translation>
    </message>
    <message>
        <source>The miner cannot be reached: is it running?</source>
        <translation>无法连接矿工节点：它在运行吗？</translation>
    </message>
    <message>
        <source>The miner speaks another version of the protocol; one of the two must be upgraded.</source>
        <translation>矿工节点的协议版本不同，双方之一需要升级。</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>磁盘已满。</translation>
    </message>
    <message>
        <source>A storage folder cannot be used: not writable, or another worker has it.</source>
        <translation>存储文件夹无法使用：不可写，或正被另一个工作节点使用。</translation>
    </message>
    <message>
        <source>A check of a computed value failed.</source>
        <translation>对计算结果的检查未通过。</translation>
    </message>
    <message>
        <source>Stopped on request.</source>
        <translation>已按要求停止。</translation>
    </message>
    <message>
        <source>No answer came in time.</source>
        <translation>等待应答超时。</translation>
    </message>
    <message>
        <source>Reading or writing failed.</source>
        <translation>读写失败。</translation>
    </message>
    <message>
        <source>A file or message contradicts its format.</source>
        <translation>文件或消息的格式有误。</translation>
    </message>
    <message>
        <source>The program that computes has ended unexpectedly; often memory ran out.</source>
        <translation>计算程序意外结束，通常是内存不足。</translation>
    </message>
    <message>
        <source>The other side answered with an error.</source>
        <translation>对方返回了错误。</translation>
    </message>
    <message>
        <source>This is a defect of this program; please report it.</source>
        <translation>这是本程序的缺陷，请反馈给我们。</translation>
    </message>
    <message numerus="yes">
        <source>%n sector(s) of %1</source>
        <translation>
            <numerusform>%1 的 %n 个扇区</numerusform>
        </translation>
    </message>
    <message>
        <source>AddPiece (AP)</source>
        <translation>添加数据（AddPiece，AP）</translation>
    </message>
    <message>
        <source>PreCommit 1 (PC1)</source>
        <translation>预提交 1（PC1）</translation>
    </message>
    <message>
        <source>PreCommit 2 (PC2)</source>
        <translation>预提交 2（PC2）</translation>
    </message>
    <message>
        <source>Commit 1 (C1)</source>
        <translation>提交 1（C1）</translation>
    </message>
    <message>
        <source>Commit 2 (C2)</source>
        <translation>提交 2（C2）</translation>
    </message>
    <message>
        <source>Finalize (FIN)</source>
        <translation>收尾整理（FIN）</translation>
    </message>
    <message>
        <source>Fetch (GET)</source>
        <translation>拉取（GET）</translation>
    </message>
    <message>
        <source>Unseal (UNS)</source>
        <translation>解封（UNS）</translation>
    </message>
    <message>
        <source>Window PoSt (WDP)</source>
        <translation>窗口时空证明（Window PoSt，WDP）</translation>
    </message>
    <message>
        <source>Winning PoSt (WNP)</source>
        <translation>出块时空证明（Winning PoSt，WNP）</translation>
    </message>
    <message>
        <source>waiting for memory</source>
        <translation>等待内存</translation>
    </message>
    <message>
        <source>waiting for processor cores</source>
        <translation>等待处理器核心</translation>
    </message>
    <message>
        <source>waiting for the GPU</source>
        <translation>等待显卡</translation>
    </message>
    <message>
        <source>waiting for proof parameters</source>
        <translation>等待证明参数</translation>
    </message>
    <message>
        <source>waiting a moment for other sectors to label together with</source>
        <translation>稍候，等待可一起计算的其他扇区</translation>
    </message>
    <message>
        <source>waiting for a free slot</source>
        <translation>等待空闲并发位</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>finished; result not delivered yet</source>
        <translation>已完成，结果待提交</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 m %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 m</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>layer %1 of %2, %3 sectors at once</source>
        <translation>第 %1/%2 层，%3 个扇区同时计算</translation>
    </message>
    <message>
        <source>waiting for other sectors of its batch</source>
        <translation>等待同批的其他扇区</translation>
    </message>
    <message>
        <source>layer %1 of %2</source>
        <translation>第 %1/%2 层</translation>
    </message>
    <message>
        <source>check %1 of %2</source>
        <translation>第 %1/%2 次检查</translation>
    </message>
    <message>
        <source>tree C</source>
        <translation>C 树</translation>
    </message>
    <message>
        <source>tree R</source>
        <translation>R 树</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>making the parent cache</source>
        <translation>生成父节点缓存</translation>
    </message>
    <message>
        <source>waiting for the parent cache</source>
        <translation>等待父节点缓存</translation>
    </message>
    <message>
        <source>checking the parent cache</source>
        <translation>校验父节点缓存</translation>
    </message>
    <message>
        <source>generating the proof parameters: 15 to 30 minutes on two cores and 5.2 GB of memory, once</source>
        <translation>生成证明参数：双核机器约需 15 至 30 分钟和 5.2 GB 内存，只需一次</translation>
    </message>
    <message>
        <source>trees %1 of %2</source>
        <translation>第 %1/%2 组树</translation>
    </message>
    <message>
        <source>attempt %1 of %2 follows</source>
        <translation>即将进行第 %1/%2 次尝试</translation>
    </message>
    <message>
        <source>copying</source>
        <translation>复制数据</translation>
    </message>
    <message>
        <source>tree D</source>
        <translation>D 树</translation>
    </message>
    <message>
        <source>trees C and R</source>
        <translation>C 树和 R 树</translation>
    </message>
    <message>
        <source>decoding</source>
        <translation>解码</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>写入</translation>
    </message>
    <message>
        <source>encoding</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>taking the data out</source>
        <translation>移除数据</translation>
    </message>
    <message>
        <source>decoding the update</source>
        <translation>解码更新</translation>
    </message>
    <message>
        <source>checking what was decoded</source>
        <translation>核对解码结果</translation>
    </message>
    <message>
        <source>reading challenges</source>
        <translation>读取挑战数据</translation>
    </message>
    <message>
        <source>external command</source>
        <translation>外部命令</translation>
    </message>
    <message>
        <source>learning</source>
        <translation>学习中</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>%1后</translation>
    </message>
    <message>
        <source>From the pace of this task alone.</source>
        <translation>仅根据本任务自身的速度估计。</translation>
    </message>
    <message numerus="yes">
        <source>From %n earlier task(s) of this kind here.</source>
        <translation>
            <numerusform>根据本机此前 %n 个同类任务估计。</numerusform>
        </translation>
    </message>
    <message>
        <source>They took %1.</source>
        <translation>它们用时 %1。</translation>
    </message>
    <message>
        <source>This one is later than usual (×%1).</source>
        <translation>本任务比平常慢（×%1）。</translation>
    </message>
    <message>
        <source>resumed at %1</source>
        <translation>已从%1断点续封</translation>
    </message>
    <message>
        <source>%1, %2 kept</source>
        <translation>%1，保留了 %2 的工作</translation>
    </message>
</context>
<context>
    <name>checks</name>
    <message>
        <source>Connection information</source>
        <translation>连接信息</translation>
    </message>
    <message>
        <source>Token well-formed</source>
        <translation>令牌格式</translation>
    </message>
    <message>
        <source>Name resolves</source>
        <translation>名称解析</translation>
    </message>
    <message>
        <source>A way leads there</source>
        <translation>网络路由</translation>
    </message>
    <message>
        <source>TCP connects</source>
        <translation>TCP 连接</translation>
    </message>
    <message>
        <source>A lotus API answers</source>
        <translation>lotus API 应答</translation>
    </message>
    <message>
        <source>Token accepted</source>
        <translation>令牌被接受</translation>
    </message>
    <message>
        <source>Version fits</source>
        <translation>版本兼容</translation>
    </message>
    <message>
        <source>Which miner it is</source>
        <translation>是哪个矿工节点</translation>
    </message>
    <message>
        <source>Own port free</source>
        <translation>本机端口空闲</translation>
    </message>
    <message>
        <source>Own address can be called</source>
        <translation>本机地址可回连</translation>
    </message>
    <message>
        <source>Clocks agree</source>
        <translation>时钟一致</translation>
    </message>
    <message>
        <source>Limits of this PC</source>
        <translation>本机限制</translation>
    </message>
    <message>
        <source>Storage paths</source>
        <translation>存储路径</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Not run because of #%1.</source>
        <translation>因第 %1 项未通过而未检查。</translation>
    </message>
    <message>
        <source>Not run: it was ended before.</source>
        <translation>未检查：在此之前已结束。</translation>
    </message>
    <message>
        <source>%1 gives the miner at %2.</source>
        <translation>%1 指明矿工节点在 %2。</translation>
    </message>
    <message>
        <source>Nothing tells where the miner is.</source>
        <translation>没有任何信息指明矿工节点在哪里。</translation>
    </message>
    <message>
        <source>Run this on the miner and put what it prints into the environment here.</source>
        <translation>在矿工节点上运行此命令，把输出设为本机的环境变量。</translation>
    </message>
    <message>
        <source>%1 is not as it must be: %2</source>
        <translation>%1 的写法不对：%2</translation>
    </message>
    <message>
        <source>Write it as it is written here, with the whole token.</source>
        <translation>按这里的写法填写，令牌要完整。</translation>
    </message>
    <message>
        <source>What tells where the miner is cannot be read: %1.</source>
        <translation>无法识别指明矿工节点的内容：%1。</translation>
    </message>
    <message>
        <source>Run this on the miner and copy the whole line that it prints.</source>
        <translation>在矿工节点上运行此命令，完整复制它输出的一行。</translation>
    </message>
    <message>
        <source>The miner&apos;s folder cannot be found: %1.</source>
        <translation>找不到矿工库目录：%1。</translation>
    </message>
    <message>
        <source>Give the folder of the miner on this PC, or the miner&apos;s address and token.</source>
        <translation>给出本机上的矿工库目录，或矿工节点的地址和令牌。</translation>
    </message>
    <message>
        <source>The miner&apos;s folder belongs to another user: %1.</source>
        <translation>矿工库目录属于另一个用户：%1。</translation>
    </message>
    <message>
        <source>Run this as the user of the miner and put what it prints into the environment here.</source>
        <translation>以矿工节点的用户身份运行此命令，把输出设为本机的环境变量。</translation>
    </message>
    <message>
        <source>The miner of this PC is not running: %1.</source>
        <translation>本机的矿工节点没有运行：%1。</translation>
    </message>
    <message>
        <source>Start the miner.</source>
        <translation>启动矿工节点。</translation>
    </message>
    <message>
        <source>The token is whole and allows %1.</source>
        <translation>令牌完整，权限：%1。</translation>
    </message>
    <message>
        <source>There is no token in %1, and no miner registers a worker without one.</source>
        <translation>%1 中没有令牌，没有令牌就无法注册 Worker。</translation>
    </message>
    <message>
        <source>The token was cut off: only its first %1 characters are there.</source>
        <translation>令牌被截断：只有前 %1 个字符。</translation>
    </message>
    <message>
        <source>Copy it again, whole; this prints it on the miner.</source>
        <translation>请重新完整复制；在矿工节点上用此命令显示它。</translation>
    </message>
    <message>
        <source>The token is damaged: it cannot be decoded.</source>
        <translation>令牌已损坏，无法解析。</translation>
    </message>
    <message>
        <source>Copy it again; this prints it on the miner.</source>
        <translation>请重新复制；在矿工节点上用此命令显示它。</translation>
    </message>
    <message>
        <source>The token allows only %1, and a worker needs read and admin.</source>
        <translation>令牌只允许 %1，而 Worker 需要只读（read）和管理（admin）权限。</translation>
    </message>
    <message>
        <source>Make one that allows everything a worker does.</source>
        <translation>请生成一个具有全部所需权限的令牌。</translation>
    </message>
    <message>
        <source>The token has not the form that lotus gives tokens, so only the miner can say what it allows.</source>
        <translation>令牌不是 lotus 的格式，它的权限只有矿工节点知道。</translation>
    </message>
    <message>
        <source>If the miner refuses it, make one there.</source>
        <translation>如果矿工节点拒绝它，请在那里生成一个。</translation>
    </message>
    <message>
        <source>Other users of this PC can read the token in %1.</source>
        <translation>本机的其他用户也能读取 %1 中的令牌。</translation>
    </message>
    <message>
        <source>Keep it to its owner.</source>
        <translation>只允许所有者读取。</translation>
    </message>
    <message>
        <source>Others have rights on the miner&apos;s key %1; the miner will not start with it.</source>
        <translation>其他用户对矿工节点的密钥 %1 有权限，矿工节点因此无法启动。</translation>
    </message>
    <message>
        <source>Keep the keys to their owner.</source>
        <translation>密钥只允许所有者访问。</translation>
    </message>
    <message>
        <source>%1 is an address: there is no name to look up.</source>
        <translation>%1 是地址，无需解析名称。</translation>
    </message>
    <message>
        <source>%1 is %2.</source>
        <translation>%1 是 %2。</translation>
    </message>
    <message>
        <source>Nobody knows the name %1 (%2).</source>
        <translation>无法解析名称 %1（%2）。</translation>
    </message>
    <message>
        <source>Check the spelling, or use the miner&apos;s IP address, which this prints there.</source>
        <translation>检查拼写，或改用矿工节点的 IP 地址；在那里用此命令显示。</translation>
    </message>
    <message>
        <source>The name %1 could not be looked up: no name server answers (%2).</source>
        <translation>无法查询名称 %1：DNS 服务器没有应答（%2）。</translation>
    </message>
    <message>
        <source>Use the miner&apos;s IP address, which this prints there.</source>
        <translation>改用矿工节点的 IP 地址；在那里用此命令显示。</translation>
    </message>
    <message>
        <source>Packets to %1 leave this PC from %2.</source>
        <translation>到 %1 的数据从本机的 %2 发出。</translation>
    </message>
    <message>
        <source>%1 is an address of this PC: the miner is here.</source>
        <translation>%1 是本机的地址：矿工节点就在本机。</translation>
    </message>
    <message>
        <source>%1 stands for all addresses of the miner&apos;s PC; it is nobody&apos;s address.</source>
        <translation>%1 表示矿工节点机器的所有地址，不能用作连接地址。</translation>
    </message>
    <message>
        <source>Put the miner&apos;s LAN address in its place, which this prints there.</source>
        <translation>换成矿工节点的局域网 IP；在那里用此命令显示。</translation>
    </message>
    <message>
        <source>%1 always means this PC, and nobody listens on port %2 here.</source>
        <translation>%1 总是指本机，而本机端口 %2 上没有程序监听。</translation>
    </message>
    <message>
        <source>If the miner is another PC, use its LAN address, which this prints there; if it is this one, start it or correct the port.</source>
        <translation>如果矿工节点在另一台机器上，请用它的局域网 IP（在那里用此命令显示）；如果在本机，请启动它或更正端口。</translation>
    </message>
    <message>
        <source>No route leads from this PC to %1 (%2).</source>
        <translation>本机没有到 %1 的路由（%2）。</translation>
    </message>
    <message>
        <source>Check the cable, the VPN and the address.</source>
        <translation>检查网线、VPN 和地址。</translation>
    </message>
    <message>
        <source>Calls to %1 go through the proxy %2, which the environment sets.</source>
        <translation>到 %1 的请求会经过环境变量设置的代理 %2。</translation>
    </message>
    <message>
        <source>Leave the miner out of it.</source>
        <translation>让矿工节点不走代理。</translation>
    </message>
    <message>
        <source>%1 is a public address, and the token goes there unencrypted.</source>
        <translation>%1 是公网地址，令牌会不加密地传输。</translation>
    </message>
    <message>
        <source>Reach the miner through a VPN, or through a proxy that speaks https.</source>
        <translation>通过 VPN 或支持 https 的代理访问矿工节点。</translation>
    </message>
    <message>
        <source>%1 accepts connections (after %2 ms).</source>
        <translation>%1 接受连接（%2 毫秒）。</translation>
    </message>
    <message>
        <source>Nobody listens at %1: the miner is not running there, or it listens to its own PC alone, as it does unless told otherwise.</source>
        <translation>%1 上没有程序监听：矿工节点没有运行，或者只监听它自己的机器（默认如此）。</translation>
    </message>
    <message>
        <source>On the miner set this in [API] of its config.toml and start it again.</source>
        <translation>在矿工节点 config.toml 的 [API] 中这样设置，然后重启它。</translation>
    </message>
    <message>
        <source>The miner listens on %4 alone, so that nobody reaches it at %1.</source>
        <translation>矿工节点只监听 %4，因此无法通过 %1 访问。</translation>
    </message>
    <message>
        <source>No miner runs here: %1 was left by one that ended without warning, and nobody listens at %2.</source>
        <translation>本机没有矿工节点在运行：%1 是异常退出时遗留的，%2 上没有程序监听。</translation>
    </message>
    <message>
        <source>The miner runs (it holds %2), but does not listen at %1; perhaps it is still starting.</source>
        <translation>矿工节点在运行（占用 %2），但没有监听 %1；可能还在启动。</translation>
    </message>
    <message>
        <source>Wait until this answers, then check again.</source>
        <translation>等到此命令有应答后再检查。</translation>
    </message>
    <message>
        <source>The miner was started with %2, which beats its config.toml; nobody listens at %1.</source>
        <translation>矿工节点启动时带有 %2，它优先于 config.toml；%1 上没有程序监听。</translation>
    </message>
    <message>
        <source>Start the miner again without that.</source>
        <translation>去掉它后重启矿工节点。</translation>
    </message>
    <message>
        <source>The miner&apos;s api file says %1, which is no longer an address of this PC.</source>
        <translation>矿工节点的 api 文件写的是 %1，本机已没有这个地址。</translation>
    </message>
    <message>
        <source>Give the PC that address again, or set the present one in [API] of the miner&apos;s config.toml and start it again.</source>
        <translation>让本机重新获得这个地址，或在 config.toml 的 [API] 中设置现在的地址并重启矿工节点。</translation>
    </message>
    <message>
        <source>Nothing comes back from %1 within %2 s: a firewall drops the packets, or the address is wrong.</source>
        <translation>%1 在 %2 秒内没有任何回应：被防火墙丢弃，或地址有误。</translation>
    </message>
    <message>
        <source>On the miner let this PC in (with ufw; other firewalls have the like).</source>
        <translation>在矿工节点上放行本机（这里以 ufw 为例，其他防火墙类似）。</translation>
    </message>
    <message>
        <source>%1 cannot be reached (%2): that PC is off, or the network between is down.</source>
        <translation>无法到达 %1（%2）：对方已关机，或网络中断。</translation>
    </message>
    <message>
        <source>Check that PC, the cable and the VPN.</source>
        <translation>检查对方机器、网线和 VPN。</translation>
    </message>
    <message>
        <source>This PC&apos;s own firewall forbids the connection to %1.</source>
        <translation>本机防火墙禁止连接 %1。</translation>
    </message>
    <message>
        <source>Let this PC out to the miner (with ufw; other firewalls have the like).</source>
        <translation>允许本机访问矿工节点（这里以 ufw 为例，其他防火墙类似）。</translation>
    </message>
    <message>
        <source>The connection to %1 fails: %2.</source>
        <translation>连接 %1 失败：%2。</translation>
    </message>
    <message>
        <source>Check the address and the network.</source>
        <translation>检查地址和网络。</translation>
    </message>
    <message>
        <source>A lotus API answers at %1.</source>
        <translation>%1 上有 lotus API 应答。</translation>
    </message>
    <message>
        <source>%1 speaks TLS (https), and the address says http.</source>
        <translation>%1 使用 TLS（https），而地址写的是 http。</translation>
    </message>
    <message>
        <source>Use the address of the encrypted API.</source>
        <translation>使用加密 API 的地址。</translation>
    </message>
    <message>
        <source>%1 does not speak TLS, though the address says https.</source>
        <translation>%1 不支持 TLS，而地址写的是 https。</translation>
    </message>
    <message>
        <source>Use the address of the plain API.</source>
        <translation>使用未加密 API 的地址。</translation>
    </message>
    <message>
        <source>The certificate of %1 is not accepted: %2.</source>
        <translation>不接受 %1 的证书：%2。</translation>
    </message>
    <message>
        <source>Give the server one for that name by an authority that this PC trusts, or reach the miner without TLS inside your own network.</source>
        <translation>为服务器换上由本机信任的机构签发给该名称的证书，或在内网中不用 TLS 访问矿工节点。</translation>
    </message>
    <message>
        <source>A web page answers at %1, not a miner: a proxy or another server stands there (%2).</source>
        <translation>%1 返回的是网页，不是矿工节点：那里是代理或其他服务器（%2）。</translation>
    </message>
    <message>
        <source>Use the address of the miner itself; on the miner this prints it.</source>
        <translation>使用矿工节点自己的地址；在那里用此命令显示。</translation>
    </message>
    <message>
        <source>What answers at %1 is no lotus API (%2).</source>
        <translation>%1 上应答的不是 lotus API（%2）。</translation>
    </message>
    <message>
        <source>Check address and port; on the miner this prints them.</source>
        <translation>检查地址和端口；在矿工节点上用此命令显示。</translation>
    </message>
    <message>
        <source>What listens at %1 does not speak HTTP, so it is no miner.</source>
        <translation>%1 上的程序不使用 HTTP，不是矿工节点。</translation>
    </message>
    <message>
        <source>Check the port; on the miner this prints it.</source>
        <translation>检查端口；在矿工节点上用此命令显示。</translation>
    </message>
    <message>
        <source>%1 takes the connection, but does not answer within %2 s.</source>
        <translation>%1 接受了连接，但 %2 秒内没有应答。</translation>
    </message>
    <message>
        <source>See on the miner whether it still answers there; if not, start it again.</source>
        <translation>在矿工节点上看它是否还有应答；没有则重启它。</translation>
    </message>
    <message>
        <source>%1 takes the connection and ends it without an answer (%2).</source>
        <translation>%1 接受连接后没有应答就断开（%2）。</translation>
    </message>
    <message>
        <source>See on the miner whether it answers there, and what stands between.</source>
        <translation>在矿工节点上看它是否有应答，以及中间有什么设备。</translation>
    </message>
    <message>
        <source>%1 is the API of a full node (lotus daemon), not of a miner.</source>
        <translation>%1 是全节点（lotus daemon）的 API，不是矿工节点的。</translation>
    </message>
    <message>
        <source>Use the miner&apos;s port, 2345 unless it was changed; on the miner this prints address and token.</source>
        <translation>使用矿工节点的端口（默认 2345）；在矿工节点上用此命令显示地址和令牌。</translation>
    </message>
    <message>
        <source>%1 is the port of a worker, not of a miner.</source>
        <translation>%1 是 Worker 的端口，不是矿工节点的。</translation>
    </message>
    <message>
        <source>Something between here and %1 lets no connection be upgraded (WebSocket): this worker needs none, other programs of lotus do.</source>
        <translation>本机与 %1 之间的设备不允许升级连接（WebSocket）：本程序不需要它，其他 lotus 程序需要。</translation>
    </message>
    <message>
        <source>In the proxy before the miner pass the headers Upgrade and Connection on.</source>
        <translation>在矿工节点前的代理中转发 Upgrade 和 Connection 两个头。</translation>
    </message>
    <message>
        <source>The miner accepts the token, for %1.</source>
        <translation>矿工节点接受该令牌，权限：%1。</translation>
    </message>
    <message>
        <source>The miner refuses the token (401): it is another miner&apos;s, or this miner&apos;s keystore was made anew.</source>
        <translation>矿工节点拒绝该令牌（401）：它属于另一个矿工节点，或这个节点的密钥库已重建。</translation>
    </message>
    <message>
        <source>Run this on this miner and copy the whole line that it prints.</source>
        <translation>在这个矿工节点上运行此命令，完整复制它输出的一行。</translation>
    </message>
    <message>
        <source>The miner could not say what the token allows: %1.</source>
        <translation>矿工节点无法说明令牌的权限：%1。</translation>
    </message>
    <message>
        <source>Try one that the miner makes now.</source>
        <translation>请让矿工节点重新生成一个再试。</translation>
    </message>
    <message>
        <source>The miner is lotus-miner %1 with API %2, which this worker speaks.</source>
        <translation>矿工节点是 lotus-miner %1，API %2，本程序支持。</translation>
    </message>
    <message>
        <source>The miner is lotus %1 (API %2) and speaks the worker protocol of %3 (%4); this worker speaks that of lotus v1.20 and later.</source>
        <translation>矿工节点是 lotus %1（API %2），使用 %3（%4）的 Worker 协议；本程序支持 lotus v1.20 及以后的协议。</translation>
    </message>
    <message>
        <source>Bring the miner to the present lotus, or work for it with the program of its own release: %5.</source>
        <translation>请把矿工节点升级到当前的 lotus，或使用与它同版本的程序：%5。</translation>
    </message>
    <message>
        <source>The miner is a development build of early 2020 (%1, API %2) whose worker protocol was never released.</source>
        <translation>矿工节点是 2020 年初的开发版（%1，API %2），它的 Worker 协议从未正式发布。</translation>
    </message>
    <message>
        <source>Bring the miner to a release of lotus.</source>
        <translation>请把矿工节点换成 lotus 正式版。</translation>
    </message>
    <message>
        <source>The miner is lotus-miner %1 with API %2; this worker speaks API %3, which miners have from lotus v1.20.0 on.</source>
        <translation>矿工节点是 lotus-miner %1，API %2；本程序使用 API %3，lotus v1.20.0 起的矿工节点才有。</translation>
    </message>
    <message>
        <source>Bring the miner to lotus v1.20.0 or later, or use the worker program of its own release.</source>
        <translation>请把矿工节点升级到 lotus v1.20.0 或更新，或使用与它同版本的 Worker 程序。</translation>
    </message>
    <message>
        <source>The miner is lotus-miner %1 with API %2, which is newer than this worker; it speaks API %3.</source>
        <translation>矿工节点是 lotus-miner %1，API %2，比本程序新；本程序使用 API %3。</translation>
    </message>
    <message>
        <source>Bring this worker to its newest version.</source>
        <translation>请把本程序升级到最新版。</translation>
    </message>
    <message>
        <source>The miner does not say its version: %1.</source>
        <translation>矿工节点没有给出版本：%1。</translation>
    </message>
    <message>
        <source>See on the miner which program answers there.</source>
        <translation>在矿工节点上看是哪个程序在应答。</translation>
    </message>
    <message>
        <source>It is the miner %1 with sectors of %2; registered workers: %3.</source>
        <translation>矿工号 %1，扇区大小 %2；已注册的 Worker：%3。</translation>
    </message>
    <message>
        <source>The miner %1 does not reach its full node, so no sector goes on: %2.</source>
        <translation>矿工节点 %1 连不上它的全节点，扇区都无法推进：%2。</translation>
    </message>
    <message>
        <source>On the miner see whether the node runs and is in step.</source>
        <translation>在矿工节点上看全节点是否在运行并已同步。</translation>
    </message>
    <message>
        <source>The miner tells workers to fetch its files from %1, which on another PC is that PC itself.</source>
        <translation>矿工节点让 Worker 从 %1 拉取文件，而在别的机器上那是它自己。</translation>
    </message>
    <message>
        <source>The miner does not say who it is: %1.</source>
        <translation>矿工节点没有给出自己的身份：%1。</translation>
    </message>
    <message>
        <source>See on the miner whether it answers.</source>
        <translation>在矿工节点上看它是否有应答。</translation>
    </message>
    <message>
        <source>%1 is free for this worker.</source>
        <translation>%1 空闲，可供 Worker 使用。</translation>
    </message>
    <message>
        <source>This worker runs and listens at %1.</source>
        <translation>Worker 正在运行，监听 %1。</translation>
    </message>
    <message>
        <source>%1 is taken by %2.</source>
        <translation>%1 已被 %2 占用。</translation>
    </message>
    <message>
        <source>Stop that program, or take another port.</source>
        <translation>停止那个程序，或换一个端口。</translation>
    </message>
    <message>
        <source>This user may not listen at %1 (%2).</source>
        <translation>当前用户不能监听 %1（%2）。</translation>
    </message>
    <message>
        <source>Take a port above 1023.</source>
        <translation>请用大于 1023 的端口。</translation>
    </message>
    <message>
        <source>%1 is no address of this PC, so nothing can listen there.</source>
        <translation>%1 不是本机的地址，无法监听。</translation>
    </message>
    <message>
        <source>Listen on the address that faces the miner, which 0.0.0.0 stands for.</source>
        <translation>监听面向矿工节点的地址（写 0.0.0.0 即可）。</translation>
    </message>
    <message>
        <source>The address to listen on or to advertise cannot be used: %1.</source>
        <translation>监听地址或对外公布地址无法使用：%1。</translation>
    </message>
    <message>
        <source>Write it as HOST:PORT.</source>
        <translation>写成 主机:端口。</translation>
    </message>
    <message>
        <source>The miner will be told to call this worker at %1.</source>
        <translation>将告诉矿工节点通过 %1 回连本机。</translation>
    </message>
    <message>
        <source>The miner has called this worker at %1 and registered it.</source>
        <translation>矿工节点已通过 %1 回连本机并完成注册。</translation>
    </message>
    <message>
        <source>The miner is another PC, and would look for this worker at %1, which there is the miner itself.</source>
        <translation>矿工节点在另一台机器上，会到 %1 寻找 Worker，而那在它那里是它自己。</translation>
    </message>
    <message>
        <source>Listen on the address that faces the miner.</source>
        <translation>监听面向矿工节点的地址。</translation>
    </message>
    <message>
        <source>%1 stands for all addresses; no miner can call a worker there.</source>
        <translation>%1 表示所有地址，矿工节点无法据此回连。</translation>
    </message>
    <message>
        <source>Advertise the address that faces the miner.</source>
        <translation>对外公布面向矿工节点的地址。</translation>
    </message>
    <message>
        <source>%1 is no address of this PC: it is right only if a router forwards that port to here.</source>
        <translation>%1 不是本机的地址：只有路由器把该端口转发到本机时才正确。</translation>
    </message>
    <message>
        <source>Without such a router, leave the advertising out.</source>
        <translation>没有这样的路由器时，不要填写对外公布地址。</translation>
    </message>
    <message>
        <source>The clocks of miner and worker agree within %1 s.</source>
        <translation>矿工节点与本机的时钟相差不超过 %1 秒。</translation>
    </message>
    <message>
        <source>This PC&apos;s clock is %1 s ahead of the miner&apos;s.</source>
        <translation>本机时钟比矿工节点快 %1 秒。</translation>
    </message>
    <message>
        <source>Let both set their clocks by the network.</source>
        <translation>让两台机器都通过网络校时。</translation>
    </message>
    <message>
        <source>This PC&apos;s clock is %1 s behind the miner&apos;s.</source>
        <translation>本机时钟比矿工节点慢 %1 秒。</translation>
    </message>
    <message>
        <source>The miner&apos;s answers do not tell its time, so the clocks were not compared.</source>
        <translation>矿工节点的应答中没有时间，未比较时钟。</translation>
    </message>
    <message>
        <source>%1 files may be open at once, and %2 of memory may be used.</source>
        <translation>可同时打开 %1 个文件，可用内存 %2。</translation>
    </message>
    <message>
        <source>Only %1 files may be open at once; large sectors want %2.</source>
        <translation>只能同时打开 %1 个文件；大扇区需要 %2。</translation>
    </message>
    <message>
        <source>Raise the limit in the unit of the service, or for this user.</source>
        <translation>在服务单元中或为当前用户提高这个限制。</translation>
    </message>
    <message>
        <source>A limit of the service or container grants %1 of the %2 of memory that this PC has.</source>
        <translation>服务或容器的限制只给了 %1 内存（本机共 %2）。</translation>
    </message>
    <message>
        <source>Raise it in the unit of the service, or of the container.</source>
        <translation>在服务单元或容器中提高它。</translation>
    </message>
    <message>
        <source>This PC goes to sleep when nobody uses it (%1), and sealing stops then.</source>
        <translation>本机无人使用时会进入睡眠（%1），封装随之停止。</translation>
    </message>
    <message>
        <source>Keep it awake.</source>
        <translation>不要让它睡眠。</translation>
    </message>
    <message>
        <source>%1 can seal and has %2 free: room for %3 sectors of %4 at once.</source>
        <translation>%1 可用于封装，可用 %2：可同时容纳 %3 个 %4 扇区。</translation>
    </message>
    <message>
        <source>The first start makes the folder %1, which then is a sealing path with %2 free.</source>
        <translation>首次启动会建立目录 %1 作为封装路径，可用 %2。</translation>
    </message>
    <message>
        <source>None of the storage paths of %1 can seal: the worker would be registered, but would never get work.</source>
        <translation>%1 的存储路径都不能用于封装：Worker 能注册，但永远得不到任务。</translation>
    </message>
    <message>
        <source>Add one.</source>
        <translation>请添加一个。</translation>
    </message>
    <message>
        <source>The storage path %1 cannot be used: %2.</source>
        <translation>存储路径 %1 无法使用：%2。</translation>
    </message>
    <message>
        <source>Mount its disk, or take the path off the list.</source>
        <translation>挂载它的磁盘，或从列表中去掉这个路径。</translation>
    </message>
    <message>
        <source>This user cannot write into %1 (%2).</source>
        <translation>当前用户不能写入 %1（%2）。</translation>
    </message>
    <message>
        <source>Give the folder to this user.</source>
        <translation>把目录的所有者改为当前用户。</translation>
    </message>
    <message>
        <source>Make room, or add a path on a larger disk.</source>
        <translation>腾出空间，或添加更大磁盘上的路径。</translation>
    </message>
    <message>
        <source>The list of storage paths cannot be read: %1.</source>
        <translation>无法读取存储路径列表：%1。</translation>
    </message>
    <message>
        <source>Mend the file or move it away.</source>
        <translation>修正这个文件，或把它移走。</translation>
    </message>
    <message>
        <source>The worker&apos;s folder %1 is in use by %2.</source>
        <translation>Worker 的目录 %1 正被 %2 使用。</translation>
    </message>
    <message>
        <source>Stop that program, or give this worker a folder of its own.</source>
        <translation>停止那个程序，或为 Worker 指定自己的目录。</translation>
    </message>
    <message>
        <source>%1 belongs to the miner; a worker in it would remove the miner&apos;s files.</source>
        <translation>%1 属于矿工节点；Worker 用它会删掉矿工节点的文件。</translation>
    </message>
    <message>
        <source>Give the worker a folder of its own.</source>
        <translation>请为 Worker 指定自己的目录。</translation>
    </message>
    <message>
        <source>There is no room for one sector of %1 in work: that takes %2, and %3 has %4 free.</source>
        <translation>容不下一个封装中的 %1 扇区：需要 %2，而 %3 只有 %4 可用。</translation>
    </message>
    <message>
        <source>%1, with %2.</source>
        <translation>%1，具有 %2。</translation>
    </message>
    <message>
        <source>%1 has no SHA instructions: PC1 takes many times as long as with them.</source>
        <translation>%1 没有 SHA 指令：PC1 会慢许多倍。</translation>
    </message>
    <message>
        <source>Label on a machine with AMD Zen or Intel Ice Lake and later, and let this one do other tasks.</source>
        <translation>请在 AMD Zen 或 Intel Ice Lake 及更新的机器上做 PC1，让这台做其他任务。</translation>
    </message>
    <message>
        <source>%1 cores may be used.</source>
        <translation>可用 %1 个核心。</translation>
    </message>
    <message>
        <source>Only %1 cores may be used; sealing wants %2 and more.</source>
        <translation>只能用 %1 个核心；封装需要 %2 个以上。</translation>
    </message>
    <message>
        <source>Expect long times, or offer fewer kinds of task.</source>
        <translation>耗时会很长，或者少承担几种任务。</translation>
    </message>
    <message>
        <source>L3 caches, of %2 each: %1. As many PC1 do not disturb each other.</source>
        <translation>三级缓存 %1 个，各 %2：同样数量的 PC1 互不干扰。</translation>
    </message>
    <message>
        <source>%1 of memory and %2 of swap: enough for every task that is offered (%3 wants most: %4).</source>
        <translation>内存 %1、交换空间 %2：足够所有任务使用（%3 需要最多：%4）。</translation>
    </message>
    <message>
        <source>%1 of memory and %2 of swap are less than %3 can take, %4; the miner will not give it while other tasks run.</source>
        <translation>内存 %1、交换空间 %2，少于 %3 最多可能需要的 %4；有其他任务在运行时，矿工节点不会分配它。</translation>
    </message>
    <message>
        <source>Add swap on a fast disk, or offer other tasks here.</source>
        <translation>在高速磁盘上增加交换空间，或让本机承担其他任务。</translation>
    </message>
    <message>
        <source>%1 of memory are too little for %3, which need up to %4 at least: the miner will never give them to this worker.</source>
        <translation>内存 %1 对 %3 来说太少（至少需要 %4）：矿工节点永远不会把它们分配给本机。</translation>
    </message>
    <message>
        <source>Offer the tasks that fit, or add memory.</source>
        <translation>只承担合适的任务，或增加内存。</translation>
    </message>
    <message>
        <source>Swap: %1.</source>
        <translation>交换空间：%1。</translation>
    </message>
    <message>
        <source>Transparent huge pages are used where they are asked for (%1); reserved ones, %2, are not needed.</source>
        <translation>透明大页按需使用（%1）；预留的大页（%2）并不需要。</translation>
    </message>
    <message>
        <source>Transparent huge pages are switched off: reading layers at random costs about twice.</source>
        <translation>透明大页已关闭：随机读取各层大约慢一倍。</translation>
    </message>
    <message>
        <source>Allow them where a program asks for them.</source>
        <translation>允许程序按需使用它们。</translation>
    </message>
    <message>
        <source>GPU: %1 (%2). This worker computes on the processor and leaves it to others.</source>
        <translation>显卡：%1（%2）。本程序用处理器计算，把显卡留给其他程序。</translation>
    </message>
    <message>
        <source>No GPU is seen; none is needed, this worker computes on the processor.</source>
        <translation>没有发现显卡；本程序用处理器计算，不需要显卡。</translation>
    </message>
    <message>
        <source>%1 files may be open at once.</source>
        <translation>可同时打开 %1 个文件。</translation>
    </message>
    <message>
        <source>%1 of memory may be locked; only the official engine with FIL_PROOFS_USE_MULTICORE_SDR=1 locks any, two sectors for each PC1.</source>
        <translation>可锁定内存 %1；只有官方引擎在 FIL_PROOFS_USE_MULTICORE_SDR=1 时才会锁定，每个 PC1 两个扇区大小。</translation>
    </message>
    <message>
        <source>%1: %2 on %3, %4 free: room for %5 sectors of %6 in work, %7 each.</source>
        <translation>%1：%3 上的 %2，可用 %4：可容纳 %5 个封装中的 %6 扇区，每个 %7。</translation>
    </message>
    <message>
        <source>%1 lies in memory (%2): sealing there takes the memory that sealing needs, and a restart loses everything.</source>
        <translation>%1 在内存中（%2）：在那里封装会占用封装所需的内存，重启后全部丢失。</translation>
    </message>
    <message>
        <source>Take a folder on a disk.</source>
        <translation>请用磁盘上的目录。</translation>
    </message>
    <message>
        <source>%1 lies on a network file system (%2): sealing writes many times the sector there.</source>
        <translation>%1 在网络文件系统上（%2）：封装会向那里写入许多倍于扇区的数据。</translation>
    </message>
    <message>
        <source>Seal on a disk of this machine, and use that one to store.</source>
        <translation>请在本机磁盘上封装，那里只作长期存储。</translation>
    </message>
    <message>
        <source>%1 lies on a disk that turns (%2): PC1 reads at random, for which it is far too slow.</source>
        <translation>%1 在机械硬盘上（%2）：PC1 要随机读取，机械硬盘太慢。</translation>
    </message>
    <message>
        <source>Seal on NVMe, and use that one to store.</source>
        <translation>请在 NVMe 上封装，那里只作长期存储。</translation>
    </message>
    <message>
        <source>%1 of proof parameters are still to come into %2, which has %3 free.</source>
        <translation>还有 %1 证明参数要下载到 %2，那里可用 %3。</translation>
    </message>
    <message>
        <source>%1 of proof parameters are still to come into %2, and %3 are free there.</source>
        <translation>还有 %1 证明参数要下载到 %2，而那里只有 %3 可用。</translation>
    </message>
    <message>
        <source>Put them on another disk.</source>
        <translation>把它们放到另一块磁盘上。</translation>
    </message>
    <message>
        <source>No proof parameters are missing for these tasks.</source>
        <translation>这些任务不缺证明参数。</translation>
    </message>
    <message>
        <source>The first PC1 writes %1 of parent graph into %2, which has %3 free.</source>
        <translation>首个 PC1 会把 %1 的父节点图写入 %2，那里可用 %3。</translation>
    </message>
    <message>
        <source>The first PC1 writes %1 of parent graph into %2, and %3 are free there.</source>
        <translation>首个 PC1 会把 %1 的父节点图写入 %2，而那里只有 %3 可用。</translation>
    </message>
    <message>
        <source>Put it on another disk.</source>
        <translation>把它放到另一块磁盘上。</translation>
    </message>
    <message>
        <source>Temporary files go to %1, with %2 free.</source>
        <translation>临时文件放在 %1，可用 %2。</translation>
    </message>
    <message>
        <source>Temporary files cannot be made in %1 (%2).</source>
        <translation>无法在 %1 建立临时文件（%2）。</translation>
    </message>
    <message>
        <source>Name a folder that this user may write into.</source>
        <translation>请指定当前用户可写的目录。</translation>
    </message>
    <message>
        <source>%1 belongs to the user %2: other programs of lotus cannot prove on a GPU as this user.</source>
        <translation>%1 属于用户 %2：当前用户的其他 lotus 程序无法用显卡做证明。</translation>
    </message>
    <message>
        <source>When nothing proves there, remove it.</source>
        <translation>没有程序在用它做证明时，把它删除。</translation>
    </message>
    <message>
        <source>No lock of another user&apos;s prover is in the way.</source>
        <translation>没有其他用户的证明程序留下的锁。</translation>
    </message>
    <message>
        <source>The clock is kept by the network.</source>
        <translation>时钟由网络校准。</translation>
    </message>
    <message>
        <source>Nothing keeps the clock: the system says that it is not synchronised.</source>
        <translation>时钟没有校准：系统报告未同步。</translation>
    </message>
    <message>
        <source>Let it be set by the network.</source>
        <translation>请开启网络校时。</translation>
    </message>
    <message>
        <source>This PC does not go to sleep by itself.</source>
        <translation>本机不会自动睡眠。</translation>
    </message>
    <message>
        <source>The miner&apos;s config.toml says ListenAddress %1, and the miner listens at %2: it was not started again since that was written.</source>
        <translation>矿工节点的 config.toml 写的是 ListenAddress %1，而它监听的是 %2：修改后没有重启。</translation>
    </message>
    <message>
        <source>Start the miner again.</source>
        <translation>重启矿工节点。</translation>
    </message>
    <message>
        <source>The miner&apos;s config.toml says ListenAddress %1, and the miner listens at %2, because %3 beats the file.</source>
        <translation>矿工节点的 config.toml 写的是 ListenAddress %1，而它监听的是 %2，因为 %3 优先于文件。</translation>
    </message>
    <message>
        <source>%1 takes %2 a second and gives %3 a second, in large files.</source>
        <translation>%1：大文件顺序写入每秒 %2，读取每秒 %3。</translation>
    </message>
    <message>
        <source>%1 takes only %2 a second and gives %3 a second: to write the %4 of layers of one sector and to read them again takes %5.</source>
        <translation>%1：每秒只能写入 %2、读取 %3；写入一个扇区的 %4 层数据并再读一遍需要 %5。</translation>
    </message>
    <message>
        <source>How fast %1 is was not measured: %2.</source>
        <translation>没有测量 %1 的速度：%2。</translation>
    </message>
    <message>
        <source>The parent graph of PC1 is whole in %1 (%2).</source>
        <translation>PC1 的父节点图在 %1，完整（%2）。</translation>
    </message>
    <message>
        <source>The parent graph of PC1 in %1 has the right length, %2; the next PC1 checks it once.</source>
        <translation>PC1 的父节点图 %1 长度正确（%2）；下一次 PC1 会检查一次。</translation>
    </message>
    <message>
        <source>The parent graph of PC1 in %1 (%2) is that of the official crate, byte for byte.</source>
        <translation>PC1 的父节点图 %1（%2）与官方库的逐字节相同。</translation>
    </message>
    <message>
        <source>The parent graph of PC1 in %1 is damaged: sectors that were labelled with it cannot be proven.</source>
        <translation>PC1 的父节点图 %1 已损坏：用它计算的扇区无法证明。</translation>
    </message>
    <message>
        <source>Remove it while no PC1 runs; the next one makes it again.</source>
        <translation>在没有 PC1 运行时删除它；下一次 PC1 会重新生成。</translation>
    </message>
    <message>
        <source>The network card %1 has %2 Mbit/s: a sealed sector of %3 and its cache, %4 before it is finalised, take %5 to another machine.</source>
        <translation>网卡 %1 的速率是 %2 Mbit/s：一个 %3 的密封扇区及其缓存（收尾整理前为 %4）传到另一台机器需要 %5。</translation>
    </message>
    <message>
        <source>the connection was refused</source>
        <translation>连接被拒绝</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>未在规定时间内应答</translation>
    </message>
    <message>
        <source>no route leads there</source>
        <translation>没有通往那里的路由</translation>
    </message>
    <message>
        <source>no network leads there</source>
        <translation>没有通往那里的网络</translation>
    </message>
    <message>
        <source>that computer is off</source>
        <translation>对方计算机未开机</translation>
    </message>
    <message>
        <source>the other side ended the connection</source>
        <translation>对方断开了连接</translation>
    </message>
    <message>
        <source>this user may not do that</source>
        <translation>当前用户没有权限</translation>
    </message>
    <message>
        <source>that is not permitted</source>
        <translation>不允许这样做</translation>
    </message>
    <message>
        <source>it is not there</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>it is no folder</source>
        <translation>不是目录</translation>
    </message>
    <message>
        <source>another program has the address</source>
        <translation>地址已被其他程序占用</translation>
    </message>
    <message>
        <source>it is no address of this computer</source>
        <translation>不是本机的地址</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>the disk can only be read</source>
        <translation>磁盘是只读的</translation>
    </message>
    <message>
        <source>the disk has a fault</source>
        <translation>磁盘出错</translation>
    </message>
    <message>
        <source>too many files are open</source>
        <translation>打开的文件过多</translation>
    </message>
    <message>
        <source>there is too little memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>the host is not known</source>
        <translation>找不到该主机</translation>
    </message>
    <message>
        <source>the name server does not answer</source>
        <translation>域名服务器没有应答</translation>
    </message>
    <message>
        <source>the name server failed</source>
        <translation>域名服务器出错</translation>
    </message>
</context>
<context>
    <name>lsw::gui::AddressPage</name>
    <message>
        <source>%1 Mbit/s</source>
        <translation>%1 Mbit/s</translation>
    </message>
    <message>
        <source>✓ the miner is reached through this one</source>
        <translation>✓ 经由此地址连接矿工节点</translation>
    </message>
    <message>
        <source>Machines that reach %1 can try to connect; each request needs a token.</source>
        <translation>能访问 %1 的机器可以尝试连接；每个请求都需要令牌。</translation>
    </message>
    <message>
        <source>Only programs of this computer can connect. Right when the miner runs here.</source>
        <translation>只有本机上的程序可以连接。矿工节点也在本机运行时选这一项。</translation>
    </message>
    <message>
        <source>Anybody who can reach port %1 on any of this computer&apos;s networks, VPN and public ones included, can try to connect. They still need a token.</source>
        <translation>凡是能在本机任一网络（包括 VPN 和公网）访问端口 %1 的人都可以尝试连接，但仍然需要令牌。</translation>
    </message>
    <message>
        <source>Caution: one of these addresses is a public one, open to the Internet.</source>
        <translation>注意：其中有公网地址，会暴露在互联网上。</translation>
    </message>
    <message>
        <source>This computer&apos;s address</source>
        <translation>本机地址</translation>
    </message>
    <message>
        <source>The miner calls the worker back: it needs an address of this computer and a port.</source>
        <translation>矿工节点要回连 Worker，需要本机的一个地址和一个端口。</translation>
    </message>
    <message>
        <source>Network interfaces</source>
        <translation>网络接口</translation>
    </message>
    <message>
        <source>Interface</source>
        <translation>接口</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速率</translation>
    </message>
    <message>
        <source>&amp;The chosen address (recommended)</source>
        <translation>所选的地址（推荐）(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Only this computer (127.0.0.1)</source>
        <translation>仅本机（127.0.0.1）(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;All addresses (0.0.0.0)</source>
        <translation>监听所有地址（0.0.0.0）(&amp;A)</translation>
    </message>
    <message>
        <source>I &amp;know, and want it so</source>
        <translation>我知道风险，仍要这样做(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Port:</source>
        <translation>端口(&amp;P)：</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Tell the &amp;miner another one:</source>
        <translation>向矿工节点公布另一个地址(&amp;M)：</translation>
    </message>
    <message>
        <source>Advertised address</source>
        <translation>对外公布地址</translation>
    </message>
    <message>
        <source>HOST:PORT, only behind NAT</source>
        <translation>主机:端口，仅在 NAT 之后需要</translation>
    </message>
    <message>
        <source>At each start the address is taken through which the miner is reached. Right when this computer&apos;s address changes.</source>
        <translation>每次启动时使用通往矿工节点的本机地址。适合本机地址会变化的情况。</translation>
    </message>
    <message>
        <source>A&amp;utomatic: the one that faces the miner</source>
        <translation>自动：使用通往矿工节点的地址(&amp;U)</translation>
    </message>
</context>
<context>
    <name>lsw::gui::CheckPage</name>
    <message>
        <source>Check the connection</source>
        <translation>检查连接</translation>
    </message>
    <message>
        <source>Each check builds on those before. Nothing at the miner is changed by them. You may go on with what failed, and come back later.</source>
        <translation>每项检查都以前面的检查为基础，不会改动矿工节点。有未通过的项目也可以继续，以后再回来。</translation>
    </message>
</context>
<context>
    <name>lsw::gui::CommandBox</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>lsw::gui::DoctorDialog</name>
    <message>
        <source>Check the connection</source>
        <translation>检查连接</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>关闭(&amp;L)</translation>
    </message>
    <message>
        <source>Checked at %1; again every minute while this is open. Nothing at the miner is changed by it.</source>
        <translation>检查时间 %1；窗口打开期间每分钟重新检查一次，不会改动矿工节点。</translation>
    </message>
</context>
<context>
    <name>lsw::gui::DoctorPanel</name>
    <message>
        <source>Looking at the connection …</source>
        <translation>正在检查连接…</translation>
    </message>
    <message>
        <source>Nothing was looked at yet.</source>
        <translation>尚未检查。</translation>
    </message>
    <message>
        <source>The worker would not work. What to do is said below.</source>
        <translation>工作节点现在无法工作，解决办法见下文。</translation>
    </message>
    <message>
        <source>The miner can be used; something is worth a look.</source>
        <translation>矿工节点可以使用，但有几处值得看一看。</translation>
    </message>
    <message>
        <source>The miner can be used.</source>
        <translation>矿工节点可以使用。</translation>
    </message>
    <message>
        <source>Miner %1, lotus %2</source>
        <translation>矿工号 %1，lotus %2</translation>
    </message>
    <message>
        <source>Sector size: %1</source>
        <translation>扇区大小：%1</translation>
    </message>
    <message>
        <source>Network: %1</source>
        <translation>网络：%1</translation>
    </message>
    <message>
        <source>Worker use: %1</source>
        <translation>Worker 占用：%1</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>检查项</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Check a&amp;gain</source>
        <translation>重新检查(&amp;G)</translation>
    </message>
    <message>
        <source>St&amp;op checking</source>
        <translation>停止检查(&amp;O)</translation>
    </message>
</context>
<context>
    <name>lsw::gui::HistoryModel</name>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>已中止</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>被中断</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>结束时间</translation>
    </message>
    <message>
        <source>Sector</source>
        <translation>扇区</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>lsw::gui::HistoryPage</name>
    <message>
        <source>The history begins with the first finished task.</source>
        <translation>第一个任务完成后，这里开始记录历史。</translation>
    </message>
    <message>
        <source>The history cannot be read.</source>
        <translation>无法读取历史记录。</translation>
    </message>
    <message>
        <source>Timeline of sector %1</source>
        <translation>扇区 %1 的时间线</translation>
    </message>
    <message numerus="yes">
        <source>%n sector(s) finished</source>
        <translation>
            <numerusform>已完成 %n 个扇区</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 a day</source>
        <translation>每天 %1 个</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>20 %</source>
        <translation>20 %</translation>
    </message>
    <message>
        <source>80 %</source>
        <translation>80 %</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>最长</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>各层</translation>
    </message>
    <message>
        <source>Export the history</source>
        <translation>导出历史记录</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>Filter: sector, task, outcome</source>
        <translation>筛选：扇区、任务、结果</translation>
    </message>
    <message>
        <source>Filter the history</source>
        <translation>筛选历史记录</translation>
    </message>
    <message>
        <source>&amp;Export …</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>Finished tasks</source>
        <translation>已完成的任务</translation>
    </message>
    <message>
        <source>How long tasks take</source>
        <translation>任务用时</translation>
    </message>
</context>
<context>
    <name>lsw::gui::MainWindow</name>
    <message>
        <source>Lotus Seal Worker</source>
        <translation>Lotus 封装工作节点</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Start worker</source>
        <translation>启动工作节点(&amp;S)</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Practise &amp;here</source>
        <translation>在此练习(&amp;H)</translation>
    </message>
    <message>
        <source>Set &amp;up …</source>
        <translation>设置(&amp;U)…</translation>
    </message>
    <message>
        <source>Stop the worker</source>
        <translation>停止 Worker</translation>
    </message>
    <message numerus="yes">
        <source>%n task(s) running will be ended.</source>
        <translation>
            <numerusform>正在运行的 %n 个任务将被终止。</numerusform>
        </translation>
    </message>
    <message>
        <source>PreCommit 1 and 2 go on from their last checkpoint, at most some minutes back, when the miner asks again; other tasks begin anew.</source>
        <translation>矿工节点再次请求时，预提交 1 和 2 从最近的断点继续，最多损失几分钟；其他任务从头开始。</translation>
    </message>
    <message>
        <source>&amp;Stop now</source>
        <translation>立即停止(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Finish them first</source>
        <translation>先完成它们(&amp;F)</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n 个运行中</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n 个等待中</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 free for sealing</source>
        <translation>封装存储剩余 %1</translation>
    </message>
    <message>
        <source>S&amp;top …</source>
        <translation>停止(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>No task begins; running tasks go on.</source>
        <translation>不开始新任务；正在运行的任务继续。</translation>
    </message>
    <message>
        <source>For 15 minutes</source>
        <translation>暂停 15 分钟</translation>
    </message>
    <message>
        <source>For an hour</source>
        <translation>暂停 1 小时</translation>
    </message>
    <message>
        <source>Until I resume</source>
        <translation>直到我恢复</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>&amp;Finish, then stop</source>
        <translation>完成当前任务后停止(&amp;F)</translation>
    </message>
    <message>
        <source>Takes no new tasks, does those that are here, then stops.</source>
        <translation>不再接受新任务，完成现有任务后停止。</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Sectors and history</source>
        <translation>扇区与历史</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>练习</translation>
    </message>
    <message>
        <source>Che&amp;ck …</source>
        <translation>检查(&amp;C)…</translation>
    </message>
    <message>
        <source>Check the connection</source>
        <translation>检查连接</translation>
    </message>
    <message>
        <source>Check the connection to the miner</source>
        <translation>检查与矿工节点的连接</translation>
    </message>
</context>
<context>
    <name>lsw::gui::MinerListenDialog</name>
    <message>
        <source>No other machine reaches the miner.</source>
        <translation>其他机器都无法访问矿工节点。</translation>
    </message>
    <message>
        <source>The miner is reached at %1, and no longer at 127.0.0.1.</source>
        <translation>矿工节点只能通过 %1 访问，不能再用 127.0.0.1。</translation>
    </message>
    <message>
        <source>It will not start when this machine no longer has %1: let the router keep the address for it.</source>
        <translation>如果本机不再拥有 %1，矿工节点将无法启动：请在路由器上为本机保留这个地址。</translation>
    </message>
    <message>
        <source>Anybody on any network of this machine can try to connect, VPN and public ones included. They still need a token.</source>
        <translation>本机任一网络（包括 VPN 和公网）上的任何人都可以尝试连接，但仍然需要令牌。</translation>
    </message>
    <message>
        <source>Caution: %1 is a public address, open to the Internet.</source>
        <translation>注意：%1 是公网地址，会暴露在互联网上。</translation>
    </message>
    <message>
        <source>What goes over the network, the token included, can be read there.</source>
        <translation>网络上传输的内容（包括令牌）没有加密，可能被他人看到。</translation>
    </message>
    <message>
        <source>Workers fetch sector files from %1.</source>
        <translation>Worker 从 %1 拉取扇区文件。</translation>
    </message>
    <message>
        <source>The environment of the miner has %1, which comes before the file: this change has no effect until that is taken out.</source>
        <translation>矿工节点的环境变量 %1 优先于配置文件：去掉它之前，这项修改不起作用。</translation>
    </message>
    <message>
        <source>The miner was started with --miner-api %1, which comes before the file and keeps it at 127.0.0.1.</source>
        <translation>矿工节点启动时带有 --miner-api %1，它优先于配置文件，并使其只监听 127.0.0.1。</translation>
    </message>
    <message>
        <source>The miner reads its file once: restart it afterwards.</source>
        <translation>矿工节点只在启动时读取配置：修改后请重启它。</translation>
    </message>
    <message>
        <source>Done. Restart the miner now. The old file is kept: %1</source>
        <translation>已完成。现在请重启矿工节点。原文件已保留：%1</translation>
    </message>
    <message>
        <source>The file says so already; nothing has to be changed.</source>
        <translation>文件中已经是这样，无需修改。</translation>
    </message>
    <message>
        <source>Where the miner listens</source>
        <translation>矿工节点的监听地址</translation>
    </message>
    <message>
        <source>Now: %1</source>
        <translation>目前：%1</translation>
    </message>
    <message>
        <source>Workers on other machines reach the miner only when it listens where they can connect. Its settings are in %1.</source>
        <translation>只有矿工节点监听在其他机器能访问的地址上，那里的 Worker 才能连接它。它的配置在 %1。</translation>
    </message>
    <message>
        <source>At &amp;one address (recommended):</source>
        <translation>局域网 IP（推荐）(&amp;O)：</translation>
    </message>
    <message>
        <source>Address of this machine</source>
        <translation>本机的地址</translation>
    </message>
    <message>
        <source>At &amp;all addresses (0.0.0.0)</source>
        <translation>监听所有地址（0.0.0.0）(&amp;A)</translation>
    </message>
    <message>
        <source>Only on &amp;this machine (127.0.0.1)</source>
        <translation>仅本机（127.0.0.1）(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Port:</source>
        <translation>端口(&amp;P)：</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>I &amp;know, and want it so</source>
        <translation>我知道风险，仍要这样做(&amp;K)</translation>
    </message>
    <message>
        <source>What is changed in the &amp;file:</source>
        <translation>文件将作如下修改(&amp;F)：</translation>
    </message>
    <message>
        <source>Change of the file</source>
        <translation>文件的修改</translation>
    </message>
    <message>
        <source>&amp;Change the file</source>
        <translation>修改文件(&amp;C)</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>关闭(&amp;L)</translation>
    </message>
</context>
<context>
    <name>lsw::gui::MinerPage</name>
    <message>
        <source>Looking for miners on this computer …</source>
        <translation>正在查找本机上的矿工节点…</translation>
    </message>
    <message>
        <source>No miner was found on this computer. Paste the connection of one in the network.</source>
        <translation>本机上没有找到矿工节点。请粘贴网络中矿工节点的连接信息。</translation>
    </message>
    <message>
        <source>Your miner</source>
        <translation>连接矿工节点</translation>
    </message>
    <message>
        <source>The worker needs the address of the miner and a token that lets it work there.</source>
        <translation>Worker 需要矿工节点的地址，以及一个允许它工作的令牌（token）。</translation>
    </message>
    <message>
        <source>A miner on &amp;this computer</source>
        <translation>本机上的矿工节点(&amp;T)</translation>
    </message>
    <message>
        <source>P&amp;aste the connection of a miner</source>
        <translation>粘贴矿工节点的连接信息(&amp;A)</translation>
    </message>
    <message>
        <source>Type address and token by &amp;hand</source>
        <translation>手动输入地址和令牌(&amp;H)</translation>
    </message>
    <message>
        <source>Look a&amp;gain</source>
        <translation>重新查找(&amp;G)</translation>
    </message>
    <message>
        <source>Let other machines reach it …</source>
        <translation>允许其他机器访问它…</translation>
    </message>
    <message>
        <source>On the machine of the miner, this command prints one line. Paste it whole:</source>
        <translation>在矿工节点所在的机器上运行下面的命令，把它输出的那一行完整地粘贴到这里：</translation>
    </message>
    <message>
        <source>&amp;Copy command</source>
        <translation>复制命令(&amp;C)</translation>
    </message>
    <message>
        <source>Connection of the miner</source>
        <translation>矿工节点的连接信息</translation>
    </message>
    <message>
        <source>Add&amp;ress:</source>
        <translation>地址(&amp;R)：</translation>
    </message>
    <message>
        <source>Address of the miner</source>
        <translation>矿工节点的地址</translation>
    </message>
    <message>
        <source>T&amp;oken:</source>
        <translation>令牌(&amp;O)：</translation>
    </message>
    <message>
        <source>Token of the miner</source>
        <translation>矿工节点的令牌</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>显示(&amp;S)</translation>
    </message>
    <message>
        <source>Show the token</source>
        <translation>显示令牌</translation>
    </message>
    <message>
        <source>&amp;Keep the present connection to %1</source>
        <translation>保留当前连接(&amp;K)：%1</translation>
    </message>
    <message>
        <source>The environment says which miner it is (%1), and comes before what is chosen here.</source>
        <translation>环境变量 %1 指定了矿工节点，它优先于这里的选择。</translation>
    </message>
</context>
<context>
    <name>lsw::gui::OverviewPage</name>
    <message>
        <source>Connected. Waiting for work – the miner has not asked for anything yet.</source>
        <translation>已连接，等待任务：矿工节点还没有请求任何任务。</translation>
    </message>
    <message>
        <source>A new sector is begun on the miner with: lotus-miner sectors pledge</source>
        <translation>在矿工节点上开始一个新扇区：lotus-miner sectors pledge</translation>
    </message>
    <message>
        <source>Nothing runs. Set the worker up or start it with the buttons above, or practise without a miner.</source>
        <translation>没有任务在运行。可用上方的按钮设置或启动 Worker，也可以不连接矿工节点先练习。</translation>
    </message>
    <message>
        <source>miner %1 at %2, lotus %3</source>
        <translation>矿工号 %1，地址 %2，lotus %3</translation>
    </message>
    <message>
        <source>%1 of %2 cores and %3 of %4 memory promised to tasks</source>
        <translation>已分配给任务：%1/%2 个核心，%3/%4 内存</translation>
    </message>
    <message numerus="yes">
        <source>%n task(s) done</source>
        <translation>
            <numerusform>完成 %n 个任务</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>失败 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>no sealing path: this worker gets no sealing tasks</source>
        <translation>没有封装存储路径：此 Worker 不会得到封装任务</translation>
    </message>
    <message>
        <source>%1 free for sealing</source>
        <translation>封装存储剩余 %1</translation>
    </message>
    <message numerus="yes">
        <source>fits %n more sector(s)</source>
        <translation>
            <numerusform>还能容纳 %n 个扇区</numerusform>
        </translation>
    </message>
    <message>
        <source>Running now</source>
        <translation>正在运行</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Done next</source>
        <translation>最先完成</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
</context>
<context>
    <name>lsw::gui::ParametersPage</name>
    <message>
        <source>ChainSafe: first choice of today&apos;s lotus</source>
        <translation>ChainSafe：新版 lotus 的首选</translation>
    </message>
    <message>
        <source>ezpdpz: second choice of today&apos;s lotus</source>
        <translation>ezpdpz：新版 lotus 的次选</translation>
    </message>
    <message>
        <source>proofs.filecoin.io: of older lotus, leads to another mirror since 2026</source>
        <translation>proofs.filecoin.io：旧版 lotus 使用，2026 年起转到其他镜像</translation>
    </message>
    <message>
        <source>China mirror (jdcloud): has failed before, probe it</source>
        <translation>国内镜像（京东云）：曾经失效，请先探测</translation>
    </message>
    <message>
        <source>Folder of the proof parameters</source>
        <translation>证明参数目录</translation>
    </message>
    <message>
        <source>No proof parameters are needed for this work.</source>
        <translation>这些任务不需要证明参数。</translation>
    </message>
    <message>
        <source>The disk of this folder cannot be looked at.</source>
        <translation>无法查看该目录所在的磁盘。</translation>
    </message>
    <message>
        <source>They are all there.</source>
        <translation>已全部就绪。</translation>
    </message>
    <message>
        <source>✗ Too little room: %1 are missing and %2 are free. Choose a folder on another disk.</source>
        <translation>✗ 空间不足：还缺 %1，可用 %2。请选择另一块磁盘上的目录。</translation>
    </message>
    <message>
        <source>%1 are missing, %2 are free.</source>
        <translation>还缺 %1，可用 %2。</translation>
    </message>
    <message>
        <source>From the environment (IPFS_GATEWAY), before any choice here: %1</source>
        <translation>来自环境变量 IPFS_GATEWAY，优先于此处的选择：%1</translation>
    </message>
    <message>
        <source>asking …</source>
        <translation>正在探测…</translation>
    </message>
    <message>
        <source>not probed yet</source>
        <translation>尚未探测</translation>
    </message>
    <message>
        <source>● good</source>
        <translation>● 可用</translation>
    </message>
    <message>
        <source>○ not usable now</source>
        <translation>○ 目前不可用</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Proof parameters</source>
        <translation>证明参数</translation>
    </message>
    <message>
        <source>Proofs need large files that are the same for everybody. They come from gateways and are checked, whoever gave them.</source>
        <translation>证明需要一些对所有人都相同的大文件。它们从网关下载，无论来自哪里都会校验。</translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation>目录(&amp;F)：</translation>
    </message>
    <message>
        <source>Br&amp;owse …</source>
        <translation>浏览(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Gateway:</source>
        <translation>网关(&amp;G)：</translation>
    </message>
    <message>
        <source>Gateway of the parameters</source>
        <translation>证明参数网关</translation>
    </message>
    <message>
        <source>Automatic: all of them, the fastest first</source>
        <translation>自动：全部使用，快的优先</translation>
    </message>
    <message>
        <source>Others, in this order:</source>
        <translation>自定义，按此顺序：</translation>
    </message>
    <message>
        <source>Other gateways</source>
        <translation>自定义网关</translation>
    </message>
    <message>
        <source>&amp;Probe them</source>
        <translation>探测(&amp;P)</translation>
    </message>
    <message>
        <source>Gateways</source>
        <translation>网关列表</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>For this work and sectors of %1: %2 of parameters. Labelling (PC1) starts without them; proofs wait until they are here.</source>
        <translation>这些任务（%1 扇区）需要 %2 的证明参数。PC1 无需等待即可开始，证明要等参数到齐。</translation>
    </message>
    <message>
        <source>Fetch what is &amp;missing in the background, once the worker runs</source>
        <translation>Worker 运行后在后台下载缺少的文件(&amp;M)</translation>
    </message>
</context>
<context>
    <name>lsw::gui::PathsPage</name>
    <message>
        <source>No sealing path: the worker is registered but gets no sealing tasks. Attach a folder on a fast disk.</source>
        <translation>没有封装存储路径：Worker 已注册，但得不到封装任务。请附加一个位于高速磁盘上的目录。</translation>
    </message>
    <message>
        <source>The storage paths are shown while the worker runs.</source>
        <translation>Worker 运行时显示存储路径。</translation>
    </message>
    <message>
        <source>sealing storage</source>
        <translation>封装存储</translation>
    </message>
    <message>
        <source>long-term storage</source>
        <translation>长期存储</translation>
    </message>
    <message>
        <source>neither for sealing nor for storing</source>
        <translation>既不用于封装也不用于长期存储</translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation>权重 %1</translation>
    </message>
    <message>
        <source>%1 used · %2 reserved · %3 free of %4</source>
        <translation>已用 %1 · 已预留 %2 · 剩余 %3 / %4</translation>
    </message>
    <message numerus="yes">
        <source>fits %n more sector(s)</source>
        <translation>
            <numerusform>还能容纳 %n 个扇区</numerusform>
        </translation>
    </message>
    <message>
        <source>Tell the miner again</source>
        <translation>重新声明</translation>
    </message>
    <message>
        <source>Tells the miner what lies in this folder now, after files were moved by hand.</source>
        <translation>手动移动文件后，重新告诉矿工节点这个目录中有什么。</translation>
    </message>
    <message>
        <source>Detach …</source>
        <translation>分离…</translation>
    </message>
    <message>
        <source>Asking the worker …</source>
        <translation>正在请求 Worker…</translation>
    </message>
    <message>
        <source>Folder for sectors</source>
        <translation>存放扇区的目录</translation>
    </message>
    <message>
        <source>Attach a storage path</source>
        <translation>附加存储路径</translation>
    </message>
    <message>
        <source>What is %1 for?</source>
        <translation>%1 用于什么？</translation>
    </message>
    <message>
        <source>Sealing</source>
        <translation>封装</translation>
    </message>
    <message>
        <source>Long-term storage</source>
        <translation>长期存储</translation>
    </message>
    <message>
        <source>Attached %1.</source>
        <translation>已附加 %1。</translation>
    </message>
    <message>
        <source>Detach a storage path</source>
        <translation>分离存储路径</translation>
    </message>
    <message>
        <source>Detach %1? Its files stay where they are; the miner forgets that they are here, and no task can use them.</source>
        <translation>分离 %1？其中的文件保持不动；矿工节点将不再知道它们在这里，任务也无法使用它们。</translation>
    </message>
    <message>
        <source>Detached %1; its files are where they were.</source>
        <translation>已分离 %1；文件仍在原处。</translation>
    </message>
    <message>
        <source>The miner knows again what lies in %1.</source>
        <translation>矿工节点已重新获知 %1 中的内容。</translation>
    </message>
    <message>
        <source>&amp;Attach a folder …</source>
        <translation>附加目录(&amp;A)…</translation>
    </message>
</context>
<context>
    <name>lsw::gui::PracticePanel</name>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>AddPiece (AP)</source>
        <translation>添加数据（AddPiece，AP）</translation>
    </message>
    <message>
        <source>PreCommit 1 (PC1)</source>
        <translation>预提交 1（PC1）</translation>
    </message>
    <message>
        <source>PreCommit 2 (PC2)</source>
        <translation>预提交 2（PC2）</translation>
    </message>
    <message>
        <source>Wait for the seed (WaitSeed)</source>
        <translation>等待随机种子（WaitSeed）</translation>
    </message>
    <message>
        <source>Commit 1 (C1)</source>
        <translation>提交 1（C1）</translation>
    </message>
    <message>
        <source>Commit 2 (C2)</source>
        <translation>提交 2（C2）</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Finalize</source>
        <translation>收尾整理（Finalize）</translation>
    </message>
    <message>
        <source>Move to long-term storage</source>
        <translation>转存到长期存储</translation>
    </message>
    <message>
        <source>Unseal</source>
        <translation>解封（unseal）</translation>
    </message>
    <message>
        <source>Read back</source>
        <translation>读回</translation>
    </message>
    <message>
        <source>Proof parameters</source>
        <translation>证明参数</translation>
    </message>
    <message>
        <source>A practice miner listens on this computer alone; a real worker, a second process, has registered with it.</source>
        <translation>练习用的矿工节点只在本机监听；一个真正的工作节点（另一个进程）已向它注册。</translation>
    </message>
    <message>
        <source>The data were pushed to the worker, padded and written into the unsealed sector file.</source>
        <translation>数据已推送给工作节点，填充后写入未封装的扇区文件。</translation>
    </message>
    <message>
        <source>Every 32 bytes of the sector got a label that depends on many others, layer after layer. This is the slow phase.</source>
        <translation>扇区的每 32 字节都得到一个依赖许多其他标签的标签，逐层计算。这是最慢的阶段。</translation>
    </message>
    <message>
        <source>Trees were built over the labels; their root, CommR, is what the miner puts on the chain.</source>
        <translation>在标签之上建好了树；树根 CommR 由矿工节点上链。</translation>
    </message>
    <message>
        <source>A real miner now waits about 75 minutes for randomness from the chain; practice draws it at once.</source>
        <translation>真实的矿工节点此时要等待约 75 分钟的链上随机数；练习模式立即生成。</translation>
    </message>
    <message>
        <source>The places that the seed asks for were opened and checked.</source>
        <translation>随机种子所指的位置已打开并检查。</translation>
    </message>
    <message>
        <source>The openings were turned into a short proof that the chain can verify.</source>
        <translation>打开的内容已变成链上可以验证的简短证明。</translation>
    </message>
    <message>
        <source>The official verifier was asked whether the proof holds.</source>
        <translation>已请官方验证程序检查该证明是否成立。</translation>
    </message>
    <message>
        <source>The labels are no longer needed and were removed.</source>
        <translation>标签不再需要，已删除。</translation>
    </message>
    <message>
        <source>The sealed sector went to long-term storage.</source>
        <translation>已封装的扇区转存到了长期存储。</translation>
    </message>
    <message>
        <source>The data were computed back from the sealed sector.</source>
        <translation>已从封装的扇区还原出数据。</translation>
    </message>
    <message>
        <source>The data were read back through the worker&apos;s port and compared with what went in.</source>
        <translation>已通过工作节点的端口读回数据，并与原始数据比较。</translation>
    </message>
    <message>
        <source>The parameters of practice proofs were generated; they are kept in a folder that no real network reads.</source>
        <translation>练习用的证明参数已生成，保存在真实网络不会读取的文件夹中。</translation>
    </message>
    <message>
        <source>File to seal</source>
        <translation>要封装的文件</translation>
    </message>
    <message>
        <source>Done: the sector is sealed, and what was read back equals what went in.</source>
        <translation>完成：扇区已封装，读回的数据与原始数据一致。</translation>
    </message>
    <message>
        <source>Seal one small sector end to end on this computer: with a practice miner, without a network, and without touching any real miner.</source>
        <translation>在这台电脑上完整封装一个小扇区：使用练习用的矿工节点，不需要网络，也不会触及任何真实的矿工节点。</translation>
    </message>
    <message>
        <source>What to seal</source>
        <translation>封装内容</translation>
    </message>
    <message>
        <source>Sector &amp;size:</source>
        <translation>扇区大小(&amp;S)：</translation>
    </message>
    <message>
        <source>&amp;File:</source>
        <translation>文件(&amp;F)：</translation>
    </message>
    <message>
        <source>Empty: random bytes</source>
        <translation>留空：随机数据</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Phases of the practice run</source>
        <translation>练习的各个阶段</translation>
    </message>
    <message>
        <source>Progress of the phase</source>
        <translation>当前阶段的进度</translation>
    </message>
    <message>
        <source>Sector size</source>
        <translation>扇区大小</translation>
    </message>
    <message>
        <source>Start practi&amp;ce</source>
        <translation>开始练习(&amp;C)</translation>
    </message>
    <message>
        <source>Also make and verify the final proof (C2)</source>
        <translation>同时生成并验证最终证明（C2）</translation>
    </message>
    <message>
        <source>It needs 7 GB of memory, and the first time 15 to 30 minutes for parameters.</source>
        <translation>需要 7 GB 内存，首次需要 15 至 30 分钟生成参数。</translation>
    </message>
</context>
<context>
    <name>lsw::gui::PurposePage</name>
    <message>
        <source>Language and purpose</source>
        <translation>语言与用途</translation>
    </message>
    <message>
        <source>Sealing means turning data into sectors of a Filecoin miner: much computing, which this computer can take over.</source>
        <translation>封装（亦称密封，sealing）是把数据做成 Filecoin 矿工的扇区，计算量很大，本机可以分担。</translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation>语言(&amp;L)：</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>&amp;Work for my miner</source>
        <translation>为我的矿工节点工作(&amp;W)</translation>
    </message>
    <message>
        <source>There is a lotus-miner, on this computer or in the same network. This computer shall seal for it.</source>
        <translation>本机或同一网络中有 lotus-miner，本机为它做封装。</translation>
    </message>
    <message>
        <source>&amp;Practise here</source>
        <translation>在本机练习(&amp;P)</translation>
    </message>
    <message>
        <source>One small sector is sealed end to end with a practice miner: no network, no real miner, a few minutes.</source>
        <translation>用练习用的矿工节点完整封装一个小扇区：不需要网络，也不涉及真正的矿工节点，只需几分钟。</translation>
    </message>
    <message>
        <source>&amp;Practise</source>
        <translation>开始练习(&amp;P)</translation>
    </message>
</context>
<context>
    <name>lsw::gui::ReadyPage</name>
    <message>
        <source>The settings are written to %1</source>
        <translation>设置写入 %1</translation>
    </message>
    <message>
        <source>%1 becomes a storage path</source>
        <translation>%1 成为存储路径</translation>
    </message>
    <message>
        <source>The gateways are chosen for %1</source>
        <translation>为 %1 选定网关</translation>
    </message>
    <message>
        <source>Miner: %1</source>
        <translation>矿工节点：%1</translation>
    </message>
    <message>
        <source>This computer listens on %1</source>
        <translation>本机监听 %1</translation>
    </message>
    <message>
        <source> and is reached at %1</source>
        <translation>，对外公布 %1</translation>
    </message>
    <message>
        <source>Work: %1</source>
        <translation>任务：%1</translation>
    </message>
    <message>
        <source>Sealing in %1</source>
        <translation>封装存储：%1</translation>
    </message>
    <message>
        <source>Long-term storage in %1</source>
        <translation>长期存储：%1</translation>
    </message>
    <message>
        <source>Setting up …</source>
        <translation>正在设置…</translation>
    </message>
    <message>
        <source>Everything is as wanted already; nothing has to be changed.</source>
        <translation>一切已经如您所愿，无需修改。</translation>
    </message>
    <message>
        <source>What will be done:</source>
        <translation>将要做的事：</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>完成设置</translation>
    </message>
    <message>
        <source>Nothing has been changed so far. All of it can be changed later.</source>
        <translation>到目前为止没有做任何改动。以后都可以再修改。</translation>
    </message>
    <message>
        <source>&amp;Start the worker now</source>
        <translation>立即启动 Worker(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Start worker</source>
        <translation>启动工作进程(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>The connection with its token is kept in the keychain of the system</source>
        <translation>连接信息及其令牌保存在系统钥匙串中</translation>
    </message>
    <message>
        <source>The connection with its token is kept in %1, which only you can read; it is not encrypted</source>
        <translation>连接信息及其令牌保存在 %1，只有您能读取，未加密</translation>
    </message>
    <message>
        <source>The same as a command line:</source>
        <translation>同样的操作，用命令行：</translation>
    </message>
    <message>
        <source>The window is started when you log in, by %1</source>
        <translation>登录时启动本窗口（%1）</translation>
    </message>
    <message>
        <source>The window is no longer started when you log in: %1 is removed</source>
        <translation>登录时不再启动本窗口：删除 %1</translation>
    </message>
    <message>
        <source>Start with this &amp;window whenever I log in</source>
        <translation>每次登录时启动本窗口(&amp;W)</translation>
    </message>
    <message>
        <source>For a computer where nobody logs in, a service does it without the window; type this in a terminal:</source>
        <translation>无人登录的计算机可由系统服务在没有窗口的情况下运行；请在终端中输入：</translation>
    </message>
</context>
<context>
    <name>lsw::gui::SectorGantt</name>
    <message>
        <source>%1: waited %2, ran %3</source>
        <translation>%1：等待 %2，运行 %3</translation>
    </message>
    <message>
        <source>Timeline of sector %1</source>
        <translation>扇区 %1 的时间线</translation>
    </message>
</context>
<context>
    <name>lsw::gui::SectorStrip</name>
    <message>
        <source>Wait</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Fin</source>
        <translation>收尾</translation>
    </message>
    <message>
        <source>Stages of sector %1</source>
        <translation>扇区 %1 的阶段</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>chain</source>
        <translation>链上</translation>
    </message>
</context>
<context>
    <name>lsw::gui::SetupText</name>
    <message>
        <source>of several lines the one with the connection was taken</source>
        <translation>从多行中取了含有连接信息的一行</translation>
    </message>
    <message>
        <source>“%1” in front was left out</source>
        <translation>去掉了前面的“%1”</translation>
    </message>
    <message>
        <source>quotes were left out</source>
        <translation>去掉了引号</translation>
    </message>
    <message>
        <source>full-width characters were replaced (“%1” by “%2”)</source>
        <translation>替换了全角字符（“%1”换成“%2”）</translation>
    </message>
    <message>
        <source>invisible characters were left out</source>
        <translation>去掉了不可见字符</translation>
    </message>
    <message>
        <source>pieces were joined that a line break or spaces had parted</source>
        <translation>接合了被换行或空格断开的部分</translation>
    </message>
    <message>
        <source>token and address were the other way round</source>
        <translation>令牌和地址的顺序颠倒了</translation>
    </message>
    <message>
        <source>the address “%1” was written as %2</source>
        <translation>地址“%1”改写为 %2</translation>
    </message>
    <message>
        <source>“%1” at the end of the address was left out</source>
        <translation>去掉了地址末尾的“%1”</translation>
    </message>
    <message>
        <source>of several addresses the first was taken</source>
        <translation>多个地址中取了第一个</translation>
    </message>
    <message>
        <source>There is no text yet.</source>
        <translation>还没有内容。</translation>
    </message>
    <message>
        <source>This text is too long for a connection: paste only the line with the token.</source>
        <translation>内容太长，不是连接信息：只粘贴含有令牌的那一行。</translation>
    </message>
    <message>
        <source>This is the connection of another program (%1); that of the miner is wanted.</source>
        <translation>这是另一个程序（%1）的连接信息；需要的是矿工节点的。</translation>
    </message>
    <message>
        <source>There is neither a token nor an address in this text.</source>
        <translation>其中既没有令牌，也没有地址。</translation>
    </message>
    <message>
        <source>The token is missing: it is a long text that begins with eyJ.</source>
        <translation>缺少令牌：它是以 eyJ 开头的一长串字符。</translation>
    </message>
    <message>
        <source>The address is missing: it looks like /ip4/192.168.1.10/tcp/2345/http.</source>
        <translation>缺少地址：形如 /ip4/192.168.1.10/tcp/2345/http。</translation>
    </message>
    <message>
        <source>The address %1 has no port; a miner usually has 2345.</source>
        <translation>地址 %1 缺少端口；矿工节点通常是 2345。</translation>
    </message>
    <message>
        <source>The token is not whole: only %1 characters are there. Copy it again.</source>
        <translation>令牌不完整：只有 %1 个字符。请重新复制。</translation>
    </message>
    <message>
        <source>The token is damaged: it cannot be decoded. Copy it again.</source>
        <translation>令牌已损坏，无法解析。请重新复制。</translation>
    </message>
    <message>
        <source>There are several tokens in this text; paste one.</source>
        <translation>其中有多个令牌；请只粘贴一个。</translation>
    </message>
    <message>
        <source>The address cannot be used: %1.</source>
        <translation>地址无法使用：%1。</translation>
    </message>
    <message>
        <source>running at %1</source>
        <translation>正在运行，地址 %1</translation>
    </message>
    <message>
        <source>running</source>
        <translation>正在运行</translation>
    </message>
    <message>
        <source>starting, or another lotus program uses the folder</source>
        <translation>正在启动，或目录被其他 lotus 程序占用</translation>
    </message>
    <message>
        <source>not running</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>not running; it did not end cleanly</source>
        <translation>未运行；上次没有正常退出</translation>
    </message>
    <message>
        <source>this user may not look into the folder</source>
        <translation>当前用户无权查看该目录</translation>
    </message>
    <message>
        <source>no miner&apos;s folder</source>
        <translation>不是矿工库目录</translation>
    </message>
    <message>
        <source>not there</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>in a container: paste its connection</source>
        <translation>在容器中：请粘贴它的连接信息</translation>
    </message>
    <message>
        <source>its token file is damaged</source>
        <translation>令牌文件已损坏</translation>
    </message>
    <message>
        <source>its token belongs to user %1</source>
        <translation>令牌属于用户 %1</translation>
    </message>
    <message>
        <source>there is no token</source>
        <translation>没有令牌</translation>
    </message>
    <message>
        <source>Understood: %1</source>
        <translation>识别为：%1</translation>
    </message>
    <message>
        <source>The token says that it allows: %1</source>
        <translation>令牌自称的权限：%1</translation>
    </message>
    <message>
        <source>good</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>All sealing tasks</source>
        <translation>全部封装任务</translation>
    </message>
    <message>
        <source>PC1 box</source>
        <translation>PC1 机器</translation>
    </message>
    <message>
        <source>PC2 and C2 box</source>
        <translation>PC2 + C2 机器</translation>
    </message>
    <message>
        <source>WindowPoSt</source>
        <translation>窗口时空证明（WindowPoSt）</translation>
    </message>
    <message>
        <source>WinningPoSt</source>
        <translation>获胜时空证明（WinningPoSt）</translation>
    </message>
    <message>
        <source>Beside other work</source>
        <translation>兼作他用的电脑</translation>
    </message>
    <message>
        <source>Everything from adding pieces to the proofs, one machine alone.</source>
        <translation>从添加数据到证明，全部由一台机器完成。</translation>
    </message>
    <message>
        <source>Adds pieces, labels and unseals: many cores, much memory and a fast disk. Needs no parameters.</source>
        <translation>添加数据、PC1、解封：需要多核、大内存和高速磁盘，不需要证明参数。</translation>
    </message>
    <message>
        <source>Builds trees, proves, and updates sectors.</source>
        <translation>PC2、C2 以及扇区升级（SnapDeals）。</translation>
    </message>
    <message>
        <source>Proves the storage of each deadline and does nothing else. A miss costs money: only for a machine that always runs.</source>
        <translation>只做每个截止窗口的时空证明。错过会有罚金：只适合一直运行的机器。</translation>
    </message>
    <message>
        <source>Proves for blocks that are won and does nothing else; a proof takes seconds and may not be late.</source>
        <translation>只做赢得出块时的时空证明；每次只需数秒，但不能迟到。</translation>
    </message>
    <message>
        <source>All sealing tasks, one at a time, on a computer that has other work.</source>
        <translation>全部封装任务，每次只做一个，适合还有其他用途的电脑。</translation>
    </message>
    <message>
        <source>local network</source>
        <translation>局域网</translation>
    </message>
    <message>
        <source>public</source>
        <translation>公网</translation>
    </message>
    <message>
        <source>VPN</source>
        <translation>VPN</translation>
    </message>
    <message>
        <source>containers</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>As it is set now</source>
        <translation>保持当前设置</translation>
    </message>
    <message>
        <source>In the miner&apos;s config.toml (usually ~/.lotusminer/config.toml), below [API]:</source>
        <translation>在矿工节点的 config.toml（通常是 ~/.lotusminer/config.toml）的 [API] 下：</translation>
    </message>
    <message>
        <source>Then start the miner again:</source>
        <translation>然后重新启动矿工节点：</translation>
    </message>
    <message>
        <source>To type or to write:</source>
        <translation>需要输入或写入的内容：</translation>
    </message>
    <message>
        <source>Or for a token alone, without the address:</source>
        <translation>或者只取令牌，不含地址：</translation>
    </message>
    <message>
        <source>local and remote %1</source>
        <translation>本地与远程共 %1</translation>
    </message>
    <message>
        <source>Local %1, Remote %2</source>
        <translation>本地 %1，远程 %2</translation>
    </message>
    <message>
        <source>The miner counts one remote worker more now.</source>
        <translation>矿工节点现在多了一个远程 worker。</translation>
    </message>
    <message>
        <source>The miner counts this worker.</source>
        <translation>矿工节点已计入本工作节点。</translation>
    </message>
    <message>
        <source>Worker use: %1; before: %2.</source>
        <translation>Worker 占用：%1；此前：%2。</translation>
    </message>
    <message>
        <source>Worker use: %1.</source>
        <translation>Worker 占用：%1。</translation>
    </message>
    <message>
        <source>The miner does not count this worker: %1</source>
        <translation>矿工节点没有计入本工作节点：%1</translation>
    </message>
    <message>
        <source>The worker has not come up, so the miner does not count it.</source>
        <translation>工作节点没有启动，因此矿工节点没有计入它。</translation>
    </message>
    <message>
        <source>The worker runs, and the miner does not count it yet. “Check the connection” shows what each of them says; the log of the miner says why it refuses.</source>
        <translation>工作节点正在运行，但矿工节点尚未计入它。“检查连接”会显示双方的说法；拒绝的原因见矿工节点的日志。</translation>
    </message>
</context>
<context>
    <name>lsw::gui::SetupWizard</name>
    <message>
        <source>Set up this worker</source>
        <translation>设置 Worker</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>上一步(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>下一步(&amp;N)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>lsw::gui::StoragePage</name>
    <message>
        <source>Folder for sealing</source>
        <translation>封装存储目录</translation>
    </message>
    <message>
        <source>Folder for long-term storage</source>
        <translation>长期存储目录</translation>
    </message>
    <message>
        <source>its disk cannot be looked at</source>
        <translation>无法查看它的磁盘</translation>
    </message>
    <message>
        <source>this user may not write there</source>
        <translation>当前用户没有写权限</translation>
    </message>
    <message>
        <source>it is the folder of another lotus program</source>
        <translation>这是另一个 lotus 程序的目录</translation>
    </message>
    <message>
        <source>sealing</source>
        <translation>封装</translation>
    </message>
    <message>
        <source>long-term storage</source>
        <translation>长期存储</translation>
    </message>
    <message>
        <source>%1 of %2 free</source>
        <translation>可用 %1 / 共 %2</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>封装存储</translation>
    </message>
    <message>
        <source>Where sectors are sealed: a fast disk. A second folder may keep sealed sectors for long.</source>
        <translation>扇区在这里封装，需要高速磁盘。另一个目录可以长期存放封装好的扇区。</translation>
    </message>
    <message>
        <source>Folders for sectors</source>
        <translation>扇区目录</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>空间</translation>
    </message>
    <message>
        <source>Add a folder for &amp;sealing …</source>
        <translation>添加封装目录(&amp;S)…</translation>
    </message>
    <message>
        <source>Add one for &amp;long-term storage …</source>
        <translation>添加长期存储目录(&amp;L)…</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>too little for one sector of %1</source>
        <translation>空间不足，容不下一个 %1 扇区</translation>
    </message>
    <message numerus="yes">
        <source>enough for %n sector(s) of %1 at once</source>
        <translation>
            <numerusform>可同时容纳 %n 个封装中的 %1 扇区</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>enough for %n sealed sector(s) of %1</source>
        <translation>
            <numerusform>可存放 %n 个封装好的 %1 扇区</numerusform>
        </translation>
    </message>
    <message>
        <source>A sector of %1 takes about %2 while it is sealed: its data, the replica, and layers of labels with their trees; about %1 stay.</source>
        <translation>一个 %1 扇区在封装期间约占 %2：数据、副本，以及各层标签和各棵树；完成后约留 %1。</translation>
    </message>
    <message>
        <source>The worker uses it: detach it on the command line (storage detach).</source>
        <translation>Worker 正在使用它：请在命令行中分离（storage detach）。</translation>
    </message>
    <message>
        <source>sealing and long-term storage</source>
        <translation>封装和长期存储</translation>
    </message>
</context>
<context>
    <name>lsw::gui::TaskTableModel</name>
    <message>
        <source>Sector</source>
        <translation>扇区</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Elapsed</source>
        <translation>已用时</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Remaining</source>
        <translation>剩余时间</translation>
    </message>
    <message>
        <source>Finish at</source>
        <translation>预计完成时间</translation>
    </message>
</context>
<context>
    <name>lsw::gui::TasksPage</name>
    <message>
        <source>No tasks are running: the miner has not asked for anything.</source>
        <translation>没有任务在运行：矿工节点还没有请求任何任务。</translation>
    </message>
    <message>
        <source>A new sector is begun on the miner with: lotus-miner sectors pledge</source>
        <translation>在矿工节点上开始一个新扇区：lotus-miner sectors pledge</translation>
    </message>
    <message>
        <source>No tasks are running.</source>
        <translation>没有任务在运行。</translation>
    </message>
    <message>
        <source>Sector %1</source>
        <translation>扇区 %1</translation>
    </message>
    <message>
        <source>Running and waiting</source>
        <translation>运行和等待中</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Finished tasks appear here.</source>
        <translation>完成的任务显示在这里。</translation>
    </message>
</context>
<context>
    <name>lsw::gui::WindowSession</name>
    <message>
        <source>Waiting until the miner counts this worker …</source>
        <translation>正在等待矿工节点计入本工作节点…</translation>
    </message>
</context>
<context>
    <name>lsw::gui::WorkPage</name>
    <message>
        <source>No proof parameters are needed.</source>
        <translation>不需要证明参数。</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>任务与资源</translation>
    </message>
    <message>
        <source>Which tasks of sealing this computer takes. It can be changed at any time.</source>
        <translation>本机承担哪些封装任务，随时可以更改。</translation>
    </message>
    <message>
        <source>Needs proof parameters, %1 for sectors of %2. They are fetched later, once.</source>
        <translation>需要证明参数，%2 扇区共 %1，稍后下载一次即可。</translation>
    </message>
    <message>
        <source>PreCommit &amp;1 at once:</source>
        <translation>同时进行的预提交 1（PC1）(&amp;1)：</translation>
    </message>
    <message>
        <source>PreCommit &amp;2 at once:</source>
        <translation>同时进行的预提交 2（PC2）(&amp;2)：</translation>
    </message>
    <message>
        <source>&amp;Commit 2 at once:</source>
        <translation>同时进行的提交 2（C2）(&amp;C)：</translation>
    </message>
    <message>
        <source>&amp;Gives way to other programs (nice):</source>
        <translation>让出处理器给其他程序（nice）(&amp;G)：</translation>
    </message>
    <message>
        <source>What these choices mean as a command line:</source>
        <translation>这些选择对应的命令行：</translation>
    </message>
    <message>
        <source>Tasks and limits stay as the settings name them one by one.</source>
        <translation>任务和限制保持设置中逐项写明的内容。</translation>
    </message>
    <message>
        <source>as memory allows</source>
        <translation>按内存而定</translation>
    </message>
    <message>
        <source>0: not at all; 19: only what the others leave</source>
        <translation>0：不让出；19：只用其他程序剩下的</translation>
    </message>
</context>
</TS>
