"""The pull protocol of fine-tunings, for workers that train (docs/fine-tuning.md). Python 3.11.4 or newer, nothing else.

`run(train)` fetches one job after another and calls `train(claim, options)`, which reports by `claim.measured` and
`claim.checkpoint`, ends soon after `claim.must_end()`, and raises `Faulty` for what the data do.
"""
import argparse, datetime, hashlib, http.client, json, math, os, shutil, sys, tempfile, threading, time
import urllib.error, urllib.parse, urllib.request
from lessons import Faulty, lessons

RETRY_S = 600  # By then the lease is long over, and another worker has the job.


class Lost(Exception):
    """The job is another's now, or has ended: nothing more is told of it."""


class Revoked(Exception):
    """The token is that of no trainer any more."""


class Refused(Exception):
    """What was sent is wrong, so sending it again does not help."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None  # The token goes to the address it was made for, and to no other.


class House:
    def __init__(self, url, token):
        self.url, self.token, self.gone = url.rstrip("/"), token, threading.Event()
        self.opener = urllib.request.build_opener(NoRedirect)

    def call(self, method, path, **sent):
        """What is answered; a file is written to `into`, and gone on with after a cut. What may have got lost is sent again."""
        began, pause = time.monotonic(), 1
        while True:
            try:
                return self._once(method, path, **sent)
            except urllib.error.HTTPError as error:
                problem = f"{error.code} {error.read(20_000).decode('utf8', 'replace')}"
                if error.code == 416 and sent.get("into"):
                    os.remove(sent["into"])  # There is nothing behind what was read: it is read anew.
                else:
                    self._refuse(error.code, problem, path)
            except (OSError, ValueError, http.client.HTTPException) as error:
                problem = repr(error)
            if time.monotonic() - began > RETRY_S or self.gone.is_set():
                raise Lost(problem)
            say(f"Trying again in {pause} s: {problem}")
            self.gone.wait(pause)
            pause = min(30, pause * 2)

    def _refuse(self, code, problem, path):
        if code == 401:
            raise Revoked(f"The token is none of a trainer, or was revoked: {problem}")
        if "/claims/" in path and (code == 404 or (code == 409 and "claim_lost" in problem)):
            raise Lost(problem)
        if code < 500 and code != 429:
            raise Refused(f"{path} was answered {problem}")

    def _once(self, method, path, body=None, file=None, into=None):
        headers, data = {"authorization": f"Bearer {self.token}"}, None
        begun = os.path.getsize(into) if into and os.path.exists(into) else 0
        if begun:
            headers["range"] = f"bytes={begun}-"
        if body is not None:
            headers["content-type"], data = "application/json", json.dumps(body, allow_nan=False).encode()
        with open(file or os.devnull, "rb") as weights:
            if file:
                headers |= {"content-type": "application/octet-stream", "content-length": str(os.path.getsize(file))}
                data = weights
            request = urllib.request.Request(self.url + path, data, headers, method=method)
            with self.opener.open(request, timeout=60) as answer:
                if into:
                    return saved(answer, into, begun)
                text = answer.read()
                return json.loads(text) if text else None


def saved(answer, into, begun):
    """Goes on where an answer before was cut, as far as this one does. One that ends too early is an error."""
    goes_on = answer.status == 206 and answer.headers.get("content-range", "").startswith(f"bytes {begun}-")
    wanted, got = answer.headers.get("content-length"), 0
    with open(into, "ab" if goes_on else "wb") as out:
        while piece := answer.read(1 << 20):
            got += len(piece)
            out.write(piece)
    if wanted is not None and got < int(wanted):
        raise OSError(f"{got} of {wanted} bytes came.")


def say(text):
    print(text, flush=True)


def finite(measured):
    """Only numbers there are: JSON has no others."""
    return {name: value for name, value in measured.items() if value is not None and math.isfinite(value)}


class Claim:
    """A turn at a job. It beats by itself, so that a long step does not cost it."""

    def __init__(self, house, told, folder, beat_s):
        self.house, self.told, self.folder, self.beat_s = house, told, folder, beat_s
        self.at, self.job = f"/v1/trainer/claims/{told['claim']}", told["job"]
        self.steps, self.kept, self.step = told["steps"], told["kept_step"], told["kept_step"]
        self.orders, self.problem, self.points, self.log = "go_on", None, [], []
        self.lock, self.over, self.ordered = threading.Lock(), threading.Event(), threading.Event()
        self.beating = threading.Thread(target=self._beat_on, daemon=True)

    def __enter__(self):
        self.house.gone.clear()
        self.beating.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.house.gone.set()
        self.beating.join()
        self.house.gone.clear()

    def _beat_on(self):
        while not self.over.wait(self.beat_s):
            try:
                self._beat()
            except Exception as error:
                self.problem = error if isinstance(error, Revoked) else Lost(str(error))
                self.house.gone.set()
                return self.ordered.set()

    def _beat(self):
        with self.lock:
            points, self.points = self.points[:2000], self.points[2000:]
            log, self.log = self.log[:100], self.log[100:]
        sent = {"number": self.told["number"], "step": self.step, "points": points, "log": log}
        self._obey(self.house.call("POST", f"{self.at}/heartbeat", body=sent))

    def _obey(self, answer):
        if answer["state"] == "go_on":
            return
        self.orders = answer["state"]
        if self.orders == "lost":
            self.problem = self.problem or Lost("another trainer has it, or it has ended.")
            self.house.gone.set()
        self.ordered.set()

    def must_end(self):
        return self.ordered.is_set()

    def note(self, text, level="info"):
        """A line of the job's log, which the customer reads."""
        at = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        with self.lock:
            self.log.append({"at": at, "level": level, "text": text[:2000]})

    def measured(self, step, **point):
        with self.lock:
            self.step = max(self.step, step)
            self.points.append({"step": step, **finite(point)})

    def data(self, kind):
        """The files of `train` or `valid`, each with how often it counts."""
        return [(self._fetched(one, f"{kind}-{at}.jsonl"), one["weight"]) for at, one in enumerate(self.told[kind])]

    def _fetched(self, one, name):
        """A file that is what was told of it. What is not is fetched from its beginning again."""
        into = os.path.join(self.folder, name)
        for _ in range(5):
            self.house.call("GET", one["url"], into=into)
            with open(into, "rb") as data:
                if hashlib.file_digest(data, "sha256").hexdigest() == one["sha256"]:
                    return into
            os.remove(into)
        raise Refused(f"{one['url']} does not have the sha256 that was told.")

    def weights(self):
        """The file to go on from, and its step; none from the beginning."""
        resume = self.told["resume_from"]
        return (None, 0) if resume is None else (self._fetched(resume, "resume"), resume["step"])

    def checkpoint(self, step, file, tokens, **point):
        """Keeps the weights of a step. `tokens`: trained since the checkpoint before. What is kept is not told again."""
        if step <= self.kept or self.problem:
            return
        with open(file, "rb") as weights:
            digest = hashlib.file_digest(weights, "sha256").hexdigest()
        query = {"number": self.told["number"], "sha256": digest, "tokens": tokens, **finite(point)}
        path = f"{self.at}/checkpoints/{step}?{urllib.parse.urlencode(query)}"
        answer = self.house.call("PUT", path, file=file)
        if answer["state"] != "lost":
            self.kept = step
            say(f"Step {step} of {self.steps} is kept.")
        self._obey(answer)

    def finish(self, outcome, **why):
        while not self.problem:
            self._beat()
            if not self.points and not self.log:
                break
        if self.problem:
            raise self.problem
        sent = {"number": self.told["number"], "outcome": outcome, "step": self.kept, **why}
        if self.house.call("POST", f"{self.at}/finish", body=sent)["state"] == "lost":
            raise Lost("another trainer has it, or it has ended.")
        say(f"{self.job} {outcome} at step {self.kept}.")


def pretend(claim, options):
    """Trains nothing, and reports a loss that falls."""
    lessons(claim, "train"), lessons(claim, "valid")
    file, step = claim.weights()
    if file:
        with open(file) as weights:
            if json.load(weights)["step"] != step:
                raise Refused("The checkpoint is that of another step.")
    claim.note(f"Pretending from step {step}.")
    share, rest = divmod(claim.told["tokens"], claim.steps)
    file, every, since, before = os.path.join(claim.folder, "weights"), max(1, claim.steps // 20), 0, claim.kept
    while step < claim.steps and not claim.must_end():
        step += 1
        point = {"train_loss": 2 * math.exp(-3 * step / claim.steps), "learning_rate": 1e-4}
        tokens = share + (rest if step == claim.steps else 0)
        since += tokens if step > before else 0
        claim.measured(step, **point, tokens=tokens)
        if step % every == 0 or step == claim.steps:
            with open(file, "w") as out:
                json.dump({"job": claim.job, "step": step}, out)
            claim.checkpoint(step, file, since, **point, valid_loss=point["train_loss"] * 1.1)
            since = 0
        claim.ordered.wait(options.pretend)


def work(train, claim, options):
    try:
        (train if options.pretend is None else pretend)(claim, options)
        claim.finish("cancelled" if claim.orders == "cancel" else "succeeded")
    except (Lost, Revoked):
        raise
    except Faulty as error:
        claim.finish("failed", code="data", reason=str(error), advice="Mend the file and run the job again.")
    except ArithmeticError as error:
        claim.finish("failed", code="diverged", reason=str(error), advice="Lower learning_rate to 1e-4.")
    except Exception as error:
        say(f"The training broke: {error!r}")
        claim.finish("failed", code="internal", reason=f"The training broke ({type(error).__name__}).")


def turn(house, train, options, folder):
    """Fetches a job and trains it; says whether there was one."""
    models = {"models": options.models.split(",")} if options.models else {}
    told = house.call("POST", "/v1/trainer/claims", body={"wait_s": 25, **models})
    if told is None:
        return False
    say(f"{told['job']} on {told['base_model']}: {told['steps']} steps, turn {told['number']}.")
    os.makedirs(folder, mode=0o700)
    try:
        with Claim(house, told, folder, options.beat) as claim:
            work(train, claim, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # A customer's data stays no longer than its training.
    return True


def run(train, parser=None):
    parser = parser or argparse.ArgumentParser()
    parser.add_argument("--url", required=True, help="Where Comptoir answers. Its token is in TRAINER_TOKEN.")
    parser.add_argument("--models", help="Base models to train, separated by commas; else all of the token's.")
    parser.add_argument("--folder", help="A folder of this worker's own; what another run left there is removed.")
    parser.add_argument("--beat", type=float, default=15, metavar="SECONDS")
    parser.add_argument("--once", action="store_true", help="End after one job.")
    parser.add_argument("--pretend", type=float, metavar="SECONDS", help="Train nothing; a step takes so long.")
    options = parser.parse_args()
    house = House(options.url, os.environ.pop("TRAINER_TOKEN", ""))
    folder = os.path.join(options.folder or tempfile.mkdtemp(prefix="trainer-"), "training")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        while True:
            try:
                was_there = turn(house, train, options, folder)
            except Lost as error:
                was_there = True
                say(f"The job is lost: {error}")
            if was_there and options.once:
                return
    except (Revoked, Refused) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
