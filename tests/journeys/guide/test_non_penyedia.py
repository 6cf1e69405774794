"""The pictures and the film of the guide for PP, Pokja Pemilihan and PPK, by a PPK."""

import pytest

from accounts.roles import Role
from tests.cast import Cast
from tests.journeys.guide import reporters
from tests.journeys.guide.reporters import Example, World

EXAMPLE = Example(
    role=Role.PPK,
    user_id="ppk",
    name="Dadang Sukmajaya",
    identity_number="197803122005011003",
    title="Kode RUP tidak muncul saat membuat paket",
    description="Paket sudah tayang di SiRUP. Pukul 10.20 WIB kode RUP belum muncul di SPSE.",
    package_code="8214260",
    error_code="A1B2C3D4E",
    asked_title="Pergantian PPK pada paket berjalan",
    question="Mohon lampirkan SK PPK yang baru dan sebutkan tanggal berlakunya.",
    answer="SK saya lampirkan. Berlaku mulai 2 November 2026.",
    solved_title="SPPBJ tidak bisa dicetak, Kode Error muncul",
    solution="SPPBJ sudah dapat dicetak. Silakan muat ulang halaman, lalu coba kembali.",
    other_titles=(
        "Adendum kontrak tidak dapat diinput",
        "Nama satker ganda setelah reload dari SiRUP",
        "Akun PP belum aktif setelah SK baru",
    ),
)


@pytest.fixture
def world(bandung):
    return World(EXAMPLE, Cast(bandung))


@pytest.fixture
def ppk(world, person):
    return person().is_already_in(world.reporter)


@pytest.mark.film("Masuk lewat SPSE")
@pytest.mark.requirement("R9", "R10", "R11", "R12")
def test_a_ppk_enters_through_spse(bandung, person):
    reporters.enters(EXAMPLE, person())


@pytest.mark.requirement("R16", "R17", "R20", "R21", "R22", "R23")
def test_a_ppk_looks_at_help_center_and_dashboard(world, ppk):
    world.all_states()

    reporters.looks_at_help_center(ppk)


@pytest.mark.film("Membuat tiket baru")
@pytest.mark.requirement("R24", "R25", "R28", "R29", "R31", "R32", "R33", "R36")
def test_a_ppk_creates_a_ticket(ppk):
    reporters.creates(EXAMPLE, ppk)


@pytest.mark.requirement("R39", "R40", "R43")
def test_a_ppk_reads_the_list_and_a_ticket(world, ppk):
    reporters.reads(ppk, world.all_states())


@pytest.mark.film("Menjawab pertanyaan petugas")
@pytest.mark.requirement("R45", "R47", "R48", "R50")
def test_a_ppk_answers_a_question(world, ppk):
    reporters.answers(EXAMPLE, ppk, world.asked())


@pytest.mark.film("Memberi review dan penilaian")
@pytest.mark.requirement("R52", "R53", "R54", "R55", "R57", "R58")
def test_a_ppk_judges_the_solution(world, ppk):
    reporters.judges(EXAMPLE, ppk, world.solved())


@pytest.mark.requirement("R56")
def test_a_ppk_says_that_it_is_not_solved(world, ppk):
    reporters.says_not_yet(ppk, world.solved())


@pytest.mark.requirement("R60", "R61", "R62")
def test_a_ppk_looks_into_the_faq(ppk):
    reporters.looks_into_faq(ppk)


@pytest.mark.requirement("R125", "R126")
def test_anybody_looks_up_a_ticket(world, person):
    reporters.looks_up(person(), world.all_states())


@pytest.mark.requirement("R15")
def test_a_ppk_leaves(ppk):
    reporters.leaves(ppk)
